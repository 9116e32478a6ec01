namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The project with every option that a host without Docker can have, published once per run.</summary>
internal sealed class PublishedApi
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly Lazy<Task<PublishedApi>> Shared = new(PublishAsync);

    private PublishedApi(GeneratedProject project, SortedDictionary<string, byte[]> files, string folder) =>
        (Project, Files, Folder) = (project, files, folder);

    public GeneratedProject Project { get; }

    /// <summary>The files of the project as they were before it was built.</summary>
    public SortedDictionary<string, byte[]> Files { get; }

    public string Folder { get; }

    public string Assembly => Path.Combine(Folder, $"{Project.Name}.dll");

    public static Task<PublishedApi> OnceAsync() => Shared.Value;

    private static async Task<PublishedApi> PublishAsync()
    {
        var combination = Suite.Template.Space.FirstWith(("database", "postgres"), ("cache", "redis"), ("docker", "false"));
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync("Acme.Shop", combination);
        var files = project.ReadFiles();
        var folder = new TemporaryFolder("published").Path;
        string[] publish = [
            "publish", Path.Combine("src", project.Name), "--output", folder, "-p:UseAppHost=false", "--disable-build-servers"];
        (await project.DotnetAsync(Patience, null, publish)).EnsureSucceeded();

        return new PublishedApi(project, files, folder);
    }
}
