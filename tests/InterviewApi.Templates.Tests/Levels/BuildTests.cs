using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// Level 5: the real thing. Each row of the covering array is generated from the package, given three resources with their
/// migration, and passes its own <c>check.sh</c>, which is what its pipeline runs: format, build without warnings, tests
/// on real servers where it uses them, and their coverage.
/// </summary>
[Trait("Level", "Build")]
public sealed partial class BuildTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public static TheoryData<int, string, string> RowsWithoutServers => Rows(needsServers: false);

    public static TheoryData<int, string, string> RowsWithServers => Rows(needsServers: true);

    [Theory]
    [MemberData(nameof(RowsWithoutServers))]
    public Task A_project_builds_is_formatted_and_passes_its_tests(int row, string name, string options) => CheckAsync(row, name, options);

    [Theory]
    [MemberData(nameof(RowsWithServers))]
    public Task A_project_builds_is_formatted_and_passes_its_tests_on_real_servers(int row, string name, string options)
    {
        Requires.Servers();
        return CheckAsync(row, name, options);
    }

    private static async Task CheckAsync(int row, string name, string options)
    {
        Assert.Equal((name, options), (CoveringArray.Rows[row].Name, CoveringArray.Rows[row].Combination.ToString()));
        var (project, _) = await GeneratedProjects.OfRowAsync(row);

        // An item reads the project's properties, which need its packages.
        (await project.DotnetAsync(Patience, null, "restore")).EnsureSucceeded();
        await AddResourcesAsync(project);

        var check = (await Cli.RunAsync("bash", project.Folder, Patience, ["check.sh"], await EnvironmentAsync(project)))
            .EnsureSucceeded();
        Assert.Matches(@"Failed:\s+0, Passed:\s+[1-9]", check.Output);

        if (project.Combination.Value("migrations") == "true" && project.Combination.Value("ci") != "none")
        {
            var script = await File.ReadAllTextAsync(Path.Combine(project.Folder, "TestResults", "migrations.sql"));
            Assert.Contains("CREATE TABLE", script, StringComparison.Ordinal);
        }

        Directory.Delete(project.Folder, recursive: true);
    }

    // What its user does next: resources of every type, and their migration.
    private static async Task AddResourcesAsync(GeneratedProject project)
    {
        var hive = await TemplateHive.InstalledAsync();
        foreach (var command in AddedResources.Commands(project.Combination.Value("auth") != "none"))
        {
            await hive.AddResourceAsync(project, command);
        }

        if (project.Combination.Value("migrations") == "true")
        {
            (await project.DotnetAsync(Patience, null, "tool", "restore")).EnsureSucceeded();
            (
                await project.DotnetAsync(
                    Patience, null, "ef", "migrations", "add", "AddResources", "--project", project.WebFolder, "--output-dir",
                    "Core/Data/Migrations", "--configuration", "Release")).EnsureSucceeded();
        }
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(GeneratedProject project)
    {
        // CI: the generated tests must not skip what needs a server either.
        var environment = new Dictionary<string, string> { ["CI"] = "true" };
        if (project.Combination.Value("database") == "postgres")
        {
            environment["ConnectionStrings__Database"] = await PostgresServer.ConnectionStringAsync();

            // Rows that share a name share the database of the script, and have other migrations.
            if (DatabaseOfCheck().Match(await File.ReadAllTextAsync(Path.Combine(project.Folder, "check.sh"))) is { Success: true } match)
            {
                await PostgresDatabase.DropAsync(match.Groups[1].Value);
            }
        }

        if (project.Combination.Value("cache") == "redis")
        {
            environment["ConnectionStrings__Redis"] = await RedisServer.StartAsync();
        }

        return environment;
    }

    [GeneratedRegex("};Database=([^\"]+)\"")]
    private static partial Regex DatabaseOfCheck();

    private static TheoryData<int, string, string> Rows(bool needsServers)
    {
        var rows = CoveringArray.Rows.Index()
            .Where(
                row =>
                    (
                        row.Item.Combination.Value("database") == "postgres"
                        || row.Item.Combination.Value("cache") == "redis") == needsServers)
            .ToArray();

        // A share without a row of this kind takes the first one: a kind that nobody builds would be no test.
        var chosen = rows.Where(row => CoveringArray.IsInShare(row.Index)).DefaultIfEmpty(rows[0]);
        var data = new TheoryData<int, string, string>();
        foreach (var (index, row) in chosen)
        {
            data.Add(index, row.Name, row.Combination.ToString());
        }

        return data;
    }
}
