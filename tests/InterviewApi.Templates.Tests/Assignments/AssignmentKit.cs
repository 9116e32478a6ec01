using System.Text.Json.Nodes;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Assignments;

/// <summary>A kit on disk, as a company has it, and submissions for it.</summary>
internal sealed class AssignmentKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private AssignmentKit(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<AssignmentKit> GenerateAsync(string domain, int variant)
    {
        var hive = await TemplateHive.InstalledAsync();
        var folder = Path.Combine(new TemporaryFolder($"kit-{domain}-{variant}-{Guid.NewGuid():N}").Path, "assignment");
        string[] flags = ["--domain", domain, "--variant", variant.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        string[] command = ["interview-assignment", "--name", EveryCombination.ProjectName, "--output", folder, .. flags];
        (await hive.NewAsync(command)).EnsureSucceeded();
        return new AssignmentKit(folder);
    }

    /// <summary>Runs <c>grade.cs</c>.</summary>
    public Task<CommandResult> GradeAsync(params string[] arguments) =>
        Cli.DotnetAsync(Folder, Patience, ["run", "--file", "review/grade.cs", "--", .. arguments]);

    /// <summary>Hands out, and commits work of somebody whose name no result may show.</summary>
    /// <param name="name">The name of its folder.</param>
    /// <param name="work">Changes the files of the repository.</param>
    /// <returns>The repository.</returns>
    public async Task<string> SubmitAsync(string name, Action<string> work)
    {
        var repository = Path.Combine(Path.GetDirectoryName(Folder)!, name);
        (await GradeAsync("hand-out", repository)).EnsureSucceeded();
        work(repository);
        await GitAsync(repository, "add", "--all");
        await GitAsync(repository, "commit", "--quiet", "--message", "My work");
        return repository;
    }

    /// <summary>Puts the reference solution into a repository.</summary>
    public void AddReference(string repository)
    {
        var reference = Path.Combine(Folder, "review", "reference");
        foreach (var file in Directory.EnumerateFiles(reference, "*.cs", SearchOption.AllDirectories))
        {
            var target = Path.Combine(repository, Path.GetRelativePath(reference, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        GitAsync(repository, "apply", Path.Combine(reference, "wiring.patch")).GetAwaiter().GetResult();
    }

    /// <summary>Leaves nothing of the application but a program, which may be hostile.</summary>
    public static void ReplaceProgram(string repository, string program)
    {
        Directory.Delete(Path.Combine(repository, "tests"), recursive: true);
        const string name = EveryCombination.ProjectName;
        File.WriteAllText(
            Path.Combine(repository, $"{name}.slnx"), $"<Solution>\n  <Project Path=\"src/{name}/{name}.csproj\" />\n</Solution>\n");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(repository, "src"), "*.cs", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }

        var web = Path.Combine(repository, "src", EveryCombination.ProjectName);
        var project = Path.Combine(web, $"{EveryCombination.ProjectName}.csproj");
        File.WriteAllLines(project, File.ReadAllLines(project).Where(line => !line.Contains("<Using ", StringComparison.Ordinal)));
        File.WriteAllText(Path.Combine(web, "Program.cs"), program + "\n");
    }

    /// <summary>Grades, on this machine or in a container.</summary>
    /// <returns>score.json.</returns>
    public async Task<JsonObject> ScoreAsync(string repository, string id, bool inContainer = false)
    {
        (await GradeAsync([repository, "--id", id, .. inContainer ? [] : (string[])["--trusted"]])).EnsureSucceeded();
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "results", id, "score.json")))!.AsObject();
    }

    public static async Task GitAsync(string repository, params string[] arguments)
    {
        string[] identity = ["-c", "user.name=Jane Candidate", "-c", "user.email=jane@candidate.example"];
        (await Cli.RunAsync("git", repository, TimeSpan.FromMinutes(1), [.. identity, .. arguments])).EnsureSucceeded();
    }
}
