using System.Text;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// Flags can be changed later: for each flag in both directions, what the template then generates merges with a project
/// that has a resource and edits of its own.
/// </summary>
[Trait("Level", "Later")]
public sealed class LaterTests(ITestOutputHelper output)
{
    private static readonly (string Flag, string Value)[][] Starts =
    [
        [],
        [("database", "postgres"), ("cache", "redis")],
        [
            ("auth", "none"), ("migrations", "false"), ("cache", "none"), ("rate-limiting", "false"), ("websockets", "false"),
            ("docker", "false"), ("nginx", "false"), ("ci", "none"), ("sample", "basic")],
        [
            ("auth", "none"), ("cache", "none"), ("rate-limiting", "false"), ("websockets", "false"), ("docker", "false"),
            ("nginx", "false"), ("ci", "none"), ("sample", "none")],
    ];

    [Fact]
    public async Task Each_flag_in_both_directions_merges_with_a_project_that_has_a_resource()
    {
        var table = await Suite.RenderedAsync();
        using var engine = await ResourceEngine.LoadAsync(hasAccounts: false);
        var resource = await engine.RenderAsync(ResourceCommands.Reference);
        var merge = new ThreeWayMerge(["src/Acme.Shop/Api/V1/ApiV1.cs", "src/Acme.Shop/Api/V2/ApiV2.cs", "src/Acme.Shop/Program.cs"]);
        var exceptions = File.ReadLines(Path.Combine(Suite.ProjectFolder, "later-exceptions.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToArray();
        var (problems, used, merges) = (new List<string>(), new HashSet<string>(), 0);
        foreach (var start in Starts.Select(values => table.Space.FirstWith(values)))
        {
            var generated = Files(start);
            var mine = ProjectWithResource.Of(generated, resource);
            foreach (var (option, other) in Changes(start))
            {
                var (merged, conflicts) = await merge.MergeAsync(generated, mine, Files(other));
                merges++;
                foreach (var path in conflicts)
                {
                    var reason = exceptions.FirstOrDefault(exception => exception[0] == option.Flag && exception[1] == path);
                    problems.AddRange(reason is null ? [$"--{option.Flag} {start[option]} -> {other[option]}: {path} ({start})"] : []);
                    used.UnionWith(reason is null ? [] : [$"{reason[0]} {reason[1]}"]);
                }

                Assert.Contains(
                    "api.MapOrderLines();", Encoding.UTF8.GetString(merged["src/Acme.Shop/Api/V2/ApiV2.cs"]), StringComparison.Ordinal);
                Assert.Contains(
                    "OrderLineRepository", Encoding.UTF8.GetString(merged["src/Acme.Shop/Program.cs"]), StringComparison.Ordinal);
            }
        }

        output.WriteLine($"{merges} merges");
        Problems.AssertNone(
            [
                .. problems,
                .. exceptions.Where(exception => !used.Contains($"{exception[0]} {exception[1]}"))
                .Select(exception => $"later-exceptions.txt: {exception[1]} is not needed.")]);

        Dictionary<string, byte[]> Files(Combination combination) => table.Project(combination.Number)
            .ToDictionary(file => file.Path, file => file.Content);
    }

    [Fact]
    public async Task The_script_of_a_project_changes_its_flags()
    {
        var hive = await TemplateHive.InstalledAsync();
        var project = await hive.GenerateAsync("Acme.Shop", Suite.Template.Space.FirstWith(("cache", "none"), ("ci", "none")));
        var path = new TemporaryFolder("path").Path;
        var dotnet = (await RunAsync("command -v dotnet")).EnsureSucceeded().Output.Trim();
        await File.WriteAllTextAsync(
            Path.Combine(path, "dotnet"), $"#!/bin/sh\nexec '{dotnet}' \"$@\" --debug:custom-hive '{hive.Folder}'\n");
        (await RunAsync($"chmod +x '{path}/dotnet'")).EnsureSucceeded();
        (
            await RunAsync(
                "git init --quiet && git config user.name Test && git config user.email test@example.com && git add --all && git commit --quiet --message First")).EnsureSucceeded();
        (await RunAsync("echo '// Mine' >>src/Acme.Shop/Models/Product.cs")).EnsureSucceeded();
        var dirty = (await RegenerateAsync("--cache redis")).EnsureFailed();
        Assert.Contains("There are uncommitted changes.", dirty.Output, StringComparison.Ordinal);

        (await RunAsync("git commit --quiet --all --message Mine")).EnsureSucceeded();
        Assert.Contains(
            "src/Acme.Shop/Dependencies/RedisDependencies.cs", (await RegenerateAsync("--preview --cache redis")).EnsureSucceeded().Output,
            StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(project.WebFolder, "Dependencies/RedisDependencies.cs")));
        (await RegenerateAsync("--cache redis --auth none")).EnsureSucceeded();
        Assert.True(File.Exists(Path.Combine(project.WebFolder, "Dependencies/RedisDependencies.cs")));
        Assert.False(File.Exists(Path.Combine(project.WebFolder, "Models/User.cs")));
        Assert.EndsWith(
            "// Mine\n", await File.ReadAllTextAsync(Path.Combine(project.WebFolder, "Models/Product.cs")), StringComparison.Ordinal);

        // A place that both changed: the script says so, and the merge can be taken back.
        (
            await RunAsync(
                "sed -i 's|<TemplateVersion>.*|<TemplateVersion>0.9.0</TemplateVersion>|; s|<PackageReference Include=\"StackExchange.Redis\" />|<!-- Mine -->|' src/Acme.Shop/Acme.Shop.csproj && git commit --quiet --all --message Edited")).EnsureSucceeded();
        var conflict = (await RegenerateAsync("--cache memory")).EnsureFailed();
        Assert.Contains("src/Acme.Shop/Acme.Shop.csproj", conflict.Output, StringComparison.Ordinal);
        Assert.Contains("git merge --abort", conflict.Output, StringComparison.Ordinal);
        (await RunAsync("git merge --abort")).EnsureSucceeded();

        Task<CommandResult> RunAsync(string script) => Cli.RunAsync("bash", project.Folder, TimeSpan.FromMinutes(2), ["-euc", script]);
        Task<CommandResult> RegenerateAsync(string arguments) => RunAsync($"PATH='{path}':$PATH sh scripts/regenerate.sh {arguments}");
    }

    private static IEnumerable<(TemplateOption Option, Combination Other)> Changes(Combination start) =>
        from option in start.Space.Options.Index()
        from value in Enumerable.Range(0, option.Item.Values.Count)
        where value != start.Space.ValueIndex(start.Number, option.Index)
        select (option.Item, start.Space[start.Space.With(start.Number, option.Index, value)]);
}
