using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A private template hive with the packed package installed; the user's own templates are neither seen nor touched.</summary>
internal sealed class TemplateHive
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<TemplateHive>> Shared = new(async () => await OfAsync(await TemplatePackage.PathAsync()));

    private readonly string _folder = new TemporaryFolder($"hive-{Guid.NewGuid():N}"[..13]).Path;

    public static Task<TemplateHive> InstalledAsync() => Shared.Value;

    /// <summary>A hive of its own, with another package.</summary>
    public static async Task<TemplateHive> OfAsync(string package)
    {
        var hive = new TemplateHive();
        (await hive.NewAsync("install", package)).EnsureSucceeded();

        return hive;
    }

    public string Folder => _folder;

    /// <summary>Runs <c>dotnet new</c> with this hive.</summary>
    public Task<CommandResult> NewAsync(params IEnumerable<string> arguments) =>
        Cli.DotnetAsync(_folder, Patience, ["new", .. arguments, "--debug:custom-hive", _folder]);

    /// <summary>Generates a project, without restoring it, in a new folder.</summary>
    public async Task<GeneratedProject> GenerateAsync(string name, Combination combination)
    {
        var folder = new TemporaryFolder($"{Guid.NewGuid():N}"[..8]).Path;
        var project = Path.Combine(folder, name);
        (await NewAsync([Suite.Template.ShortName, "--name", name, "--output", project, "--no-restore", .. combination.ToArguments()]))
            .EnsureSucceeded();

        return new GeneratedProject(name, project, combination);
    }

    /// <summary>Adds a resource to a project that is restored, as its user does.</summary>
    /// <param name="project">The project.</param>
    /// <param name="command">What follows <c>--name</c>, with the fields in double quotes.</param>
    public Task AddResourceAsync(GeneratedProject project, string command) => AddItemAsync(project, $"interview-resource --name {command}");

    /// <summary>Adds an item to a project that is restored, as its user does.</summary>
    /// <param name="project">The project.</param>
    /// <param name="command">The template and its flags; what has spaces is in double quotes.</param>
    public async Task AddItemAsync(GeneratedProject project, string command)
    {
        var words = command.Split('"')
            .SelectMany((part, index) => index == 1 ? (string[])[part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        (await NewAsync([.. words, "--output", project.WebFolder, "--allow-scripts", "yes"])).EnsureSucceeded();
    }
}
