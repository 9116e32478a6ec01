using System.Text.Json.Nodes;
using System.Xml.Linq;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Whoever follows the page about the first resource has one, with its migration, and breaks nothing.</summary>
[Trait("Level", "Guide")]
public sealed class FirstResourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public Task A_first_resource_works_beside_the_sample() => FollowAsync("Acme.Shop", Suite.Template.Space[0], []);

    [Theory]
    [InlineData("My App")]
    public async Task A_first_resource_works_in_the_bare_skeleton_on_PostgreSQL(string name)
    {
        Requires.Servers();
        var bare = Suite.Template.Space.All().First(combination =>
            (combination.Value("database"), combination.Value("auth"), combination.Value("sample"), combination.Value("migrations")) == (
                "postgres", "none", "none", "true"));

        await FollowAsync(name, bare, new() { ["ConnectionStrings__Database"] = await PostgresServer.ConnectionStringAsync() });
    }

    // The library that the tool loads comes from the central versions: the two have to be one release.
    [Fact]
    public void The_tool_has_the_version_of_its_library()
    {
        var tools = File.ReadAllText(Path.Combine(Suite.Template.Folder, "options/migrations/.config/dotnet-tools.json"));
        var tool = JsonNode.Parse(tools)!["tools"]!["dotnet-ef"]!["version"]!.GetValue<string>();
        var library = XDocument.Load(Path.Combine(Suite.Template.Folder, "base/Directory.Packages.props")).Descendants("PackageVersion")
            .Single(package => (string?)package.Attribute("Include") == "Microsoft.EntityFrameworkCore.Design");

        Assert.Equal(tool, (string?)library.Attribute("Version"));
    }

    private static async Task FollowAsync(string name, Combination combination, Dictionary<string, string> environment)
    {
        var hive = await TemplateHive.InstalledAsync();
        var project = await hive.GenerateAsync(name, combination);
        var commands = FirstResource.CommandsOf(project);
        Assert.Contains("dotnet ef migrations add", commands, StringComparison.Ordinal);

        // The template restores the project of a user; the one of this test is not restored yet.
        (await project.DotnetAsync(Patience, null, "restore")).EnsureSucceeded();
        var before = project.ReadFiles();
        commands = commands.Replace(
            "dotnet new interview-resource", $"dotnet new interview-resource --debug:custom-hive '{hive.Folder}'",
            StringComparison.Ordinal);
        (await Cli.RunAsync("bash", project.Folder, Patience, ["-euc", commands], environment)).EnsureSucceeded();
        var after = project.ReadFiles()
            .Where(file => !file.Key.Contains("/obj/", StringComparison.Ordinal) && !file.Key.Contains("/bin/", StringComparison.Ordinal))
            .ToArray();
        Assert.Equal(6, after.Count(file => Path.GetFileName(file.Key).StartsWith("Supplier", StringComparison.Ordinal)));
        Assert.Single(after, file => file.Key.EndsWith("_CreateSuppliers.cs", StringComparison.Ordinal));
        Assert.Equal(
            2,
            after.Count(
                file => Path.GetFileName(file.Key) is "Program.cs" or "ApiV2.cs" && !before[file.Key].AsSpan().SequenceEqual(file.Value)));

        environment["CI"] = "true";
        var test = (
            await project.DotnetAsync(
                Patience, environment, "test", "--filter", AddedResources.TestsOf("SupplierTests"), "--nologo",
                "--disable-build-servers")).EnsureSucceeded();
        Assert.Matches(@"Failed:\s+0, Passed:\s+[1-9]\d,", test.Output);
        (await project.DotnetAsync(Patience, null, "format", "--verify-no-changes", "--no-restore")).EnsureSucceeded();
        Directory.Delete(project.Folder, recursive: true);
    }
}
