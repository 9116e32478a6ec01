extern alias Grading;
using System.Text.Json.Nodes;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;
using Baseline = Grading::Baseline;
using Grader = Grading::Grader;
using ISandbox = Grading::ISandbox;
using Kit = Grading::Kit;
using Report = Grading::Report;
using RunningApplication = Grading::RunningApplication;
using TrustedSandbox = Grading::TrustedSandbox;

namespace InterviewApi.Templates.Tests.Assignments;

/// <summary>
/// A kit on disk, as a company has it, and submissions for it. What <c>grade.cs</c> does runs in this process, so that it
/// need not be built for each kit.
/// </summary>
internal sealed class AssignmentKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    static AssignmentKit() => Cli.IsolateThisProcess();

    private AssignmentKit(string folder) => Folder = folder;

    public string Folder { get; }

    public Kit Kit => new(Folder);

    public static async Task<AssignmentKit> GenerateAsync(string level, string domain, int variant)
    {
        var hive = await TemplateHive.InstalledAsync();
        var folder = Path.Combine(new TemporaryFolder($"kit-{domain}-{variant}-{Guid.NewGuid():N}").Path, "assignment");
        string[] flags =
            ["--level", level, "--domain", domain, "--variant", variant.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        string[] command = ["interview-assignment", "--name", EveryCombination.ProjectName, "--output", folder, .. flags];
        (await hive.NewAsync(command)).EnsureSucceeded();
        return new AssignmentKit(folder);
    }

    /// <summary>Runs <c>grade.cs</c> as its user does.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) =>
        Cli.DotnetAsync(Folder, Patience, ["run", "--file", "review/grade.cs", "--", .. arguments]);

    /// <summary>Hands out, and commits work of somebody whose name no result may show.</summary>
    /// <param name="name">The name of its folder.</param>
    /// <param name="work">Changes the files of the repository.</param>
    /// <returns>The repository.</returns>
    public async Task<string> SubmitAsync(string name, Action<string> work)
    {
        var repository = Path.Combine(Path.GetDirectoryName(Folder)!, name);
        await Baseline.CreateAsync(Kit, repository);
        work(repository);
        await GitAsync(repository, "add", "--all");
        await GitAsync(repository, "commit", "--quiet", "--message", "My work");
        return repository;
    }

    /// <summary>Puts the reference solution into a repository.</summary>
    public void AddReference(string repository)
    {
        var reference = Path.Combine(Folder, "review", "reference");
        foreach (var folder in (string[])["src", "tests"])
        {
            Baseline.Copy(Path.Combine(reference, folder), Path.Combine(repository, folder));
        }

        GitAsync(repository, "apply", Path.Combine(reference, "wiring.patch")).GetAwaiter().GetResult();
    }

    /// <summary>Leaves nothing of the application but a program, which may be hostile.</summary>
    public static void ReplaceProgram(string repository, string program)
    {
        Directory.Delete(Path.Combine(repository, "tests"), recursive: true);
        Directory.Delete(Path.Combine(repository, "src"), recursive: true);
        const string name = EveryCombination.ProjectName;
        var web = Directory.CreateDirectory(Path.Combine(repository, "src", name)).FullName;
        File.WriteAllText(
            Path.Combine(repository, $"{name}.slnx"), $"<Solution>\n  <Project Path=\"src/{name}/{name}.csproj\" />\n</Solution>\n");
        File.WriteAllText(
            Path.Combine(web, $"{name}.csproj"),
            "<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n    <OutputType>Exe</OutputType>\n  </PropertyGroup>\n</Project>\n");
        File.WriteAllText(Path.Combine(web, "Program.cs"), program + "\n");
    }

    /// <summary>Grades on this machine.</summary>
    /// <returns>score.json.</returns>
    public async Task<JsonObject> ScoreAsync(string repository, string id, int startSeconds = 30)
    {
        await using var sandbox = new TrustedSandbox { StartLimit = TimeSpan.FromSeconds(startSeconds) };
        return await ScoreAsync(repository, id, sandbox);
    }

    /// <summary>Grades what runs at an address.</summary>
    /// <returns>score.json.</returns>
    public Task<JsonObject> ScoreRunningAsync(string repository, string id, string address) =>
        ScoreAsync(repository, id, RunningApplication.Parse(address, instances: 1));

    private async Task<JsonObject> ScoreAsync(string repository, string id, ISandbox sandbox)
    {
        var grade = await new Grader(Kit, sandbox, _ => { }).GradeAsync(repository);
        Report.Write(Kit, grade, id, Path.Combine(Folder, "results", id));
        return await ReadScoreAsync(id);
    }

    /// <summary>Grades in a container, as its user does.</summary>
    /// <returns>score.json.</returns>
    public async Task<JsonObject> ScoreInContainerAsync(string repository, string id)
    {
        (await RunAsync(repository, "--id", id)).EnsureSucceeded();
        return await ReadScoreAsync(id);
    }

    public static async Task GitAsync(string repository, params string[] arguments)
    {
        string[] identity = ["-c", "user.name=Jane Candidate", "-c", "user.email=jane@candidate.example"];
        (await Cli.RunAsync("git", repository, TimeSpan.FromMinutes(1), [.. identity, .. arguments])).EnsureSucceeded();
    }

    private async Task<JsonObject> ReadScoreAsync(string id) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "results", id, "score.json")))!.AsObject();
}
