using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>A host with containers keeps each release with its files, by the generated scripts and a stand-in for Docker.</summary>
[Trait("Level", "Edge")]
public sealed class ReleaseFolderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string Digest = $"@sha256:{new string('a', 64)}";

    [Fact]
    public async Task A_release_takes_its_files_along_and_an_earlier_one_brings_its_own_back()
    {
        Requires.Programs("bash", "flock");
        var host = new TemporaryFolder($"releases-{Guid.NewGuid():N}"[..17]).Path;
        var combination = Suite.Template.Space.FirstWith(
            ("auth", "none"), ("database", "sqlite"), ("cache", "none"), ("docker", "true"), ("nginx", "false"), ("ci", "github"));
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync("Acme.Shop", combination);
        await File.WriteAllTextAsync(Path.Combine(host, ".env"), "API_HOST=shop.example\nAPI_TAG=local\n");

        (await ShipAsync(project, host, "one", Digest)).EnsureSucceeded();
        (await ShipAsync(project, host, "two", Digest)).EnsureSucceeded();
        Assert.Equal("# two", await LiveAsync(host));
        Assert.Equal(["API_HOST=shop.example", $"API_TAG=two{Digest}"], await File.ReadAllLinesAsync(Path.Combine(host, ".env")));

        // The files of a release that fails do not stay behind.
        (await ShipAsync(project, host, "sick", Digest)).EnsureFailed();
        Assert.Equal("# two", await LiveAsync(host));

        (await ShipAsync(project, host, "one", again: true)).EnsureSucceeded();
        Assert.Equal("# one", await LiveAsync(host));
        Assert.Equal(
            [$"one{Digest} with # one", $"two{Digest} with # two", $"one{Digest} with # one"],
            await File.ReadAllLinesAsync(Path.Combine(host, "started")));

        Assert.Contains(
            "there is no releases/none: nothing was changed", (await ShipAsync(project, host, "none", again: true)).EnsureFailed().Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "is not a version", (await ShipAsync(project, host, "one'; touch stolen; '", again: true)).EnsureFailed().Output,
            StringComparison.Ordinal);
    }

    private static async Task<string> LiveAsync(string host) => (await File.ReadAllLinesAsync(Path.Combine(host, "compose.yaml")))[^1];

    // What is in the checkout when an earlier release goes live again is of the newest commit.
    private static async Task<CommandResult> ShipAsync(
        GeneratedProject project, string host, string version, string digest = "", bool again = false)
    {
        await File.AppendAllTextAsync(Path.Combine(project.Folder, "compose.yaml"), $"# {version}\n");
        var environment = StandInHost.Login(host);
        environment["PATH"] = $"{Path.Combine(Suite.ProjectFolder, "Fixtures", "engine")}:{environment["PATH"]}";
        environment["DEPLOY_AGAIN"] = again ? "true" : "false";

        return await Cli.RunAsync("bash", project.Folder, Patience, ["scripts/ship.sh", version + digest], environment);
    }
}
