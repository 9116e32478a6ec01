using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The script of a project merges other flags and a newer version of the pack, and what comes out builds and passes its tests.
/// With MERGES=all, every change of every flag from one value to another is part of a merge.
/// </summary>
[Trait("Level", "Later")]
public sealed class MergedProjectTests
{
    private const string Migrations = "Core/Data/Migrations";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly (string Flag, string Value)[] Least =
    [
        ("auth", "none"), ("migrations", "false"), ("rate-limiting", "false"), ("docker", "false"), ("nginx", "false"), ("ci", "none"),
    ];

    private static readonly (Combination Start, Combination End)[] Changes =
    [
        (
            Suite.Template.Space.FirstWith([.. Least, ("cache", "none"), ("websockets", "true"), ("sample", "basic")]),
            Suite.Template.Space.FirstWith([.. Least, ("cache", "memory"), ("websockets", "false"), ("sample", "none")])),
        .. Environment.GetEnvironmentVariable("MERGES") == "all"
            ? Covering().Append((Suite.Template.Space[0], Suite.Template.Space.FirstWith(("database", "postgres")))) : [],
    ];

    public static TheoryData<int, string, string> Merges
    {
        get
        {
            var data = new TheoryData<int, string, string>();
            foreach (var (row, change) in Changes.Index())
            {
                data.Add(row, change.Start.ToString(), change.End.ToString());
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Merges))]
    public async Task A_project_of_an_earlier_version_works_after_the_merge_of_other_flags(int row, string start, string end)
    {
        var (before, after) = Changes[row];
        Assert.Equal((start, end), (before.ToString(), after.ToString()));
        var environment = await EnvironmentAsync(after);
        var hive = await TemplateHive.OfAsync(await EarlierPack.PackageAsync());
        var project = await hive.GenerateAsync("Acme.Shop", before);
        Assert.Contains($"<TemplateVersion>{EarlierPack.Version}<", await ProjectFileAsync(project), StringComparison.Ordinal);
        await UseAsync(project, hive, isWhole: row > 0);
        var regenerated = await RegeneratedProject.StartAsync(project, hive);

        (await regenerated.RegenerateAsync("")).EnsureSucceeded();
        (await hive.NewAsync("install", await TemplatePackage.PathAsync())).EnsureSucceeded();
        var merge = await regenerated.RegenerateAsync(string.Join(' ', after.ToArguments()));
        await FinishAsync(regenerated, before, after, merge);

        Assert.DoesNotContain($"<TemplateVersion>{EarlierPack.Version}<", await ProjectFileAsync(project), StringComparison.Ordinal);
        Assert.Contains(string.Join(' ', after.ToArguments()), await ProjectFileAsync(project), StringComparison.Ordinal);
        string[] filter = row > 0 ? [] : ["--filter", AddedResources.TestsOf("CustomerTests")];
        var test = (await project.DotnetAsync(Patience, environment, ["test", .. filter, "--nologo", "--disable-build-servers"]))
            .EnsureSucceeded();
        Assert.Matches(@"Failed:\s+0, Passed:\s+[1-9]", test.Output);
        if (row > 0)
        {
            (await project.DotnetAsync(Patience, null, "format", "--verify-no-changes", "--no-restore")).EnsureSucceeded();
        }

        Directory.Delete(project.Folder, recursive: true);
    }

    [Fact]
    public async Task The_script_of_a_project_changes_its_flags_and_stops_where_it_must()
    {
        var hive = await TemplateHive.InstalledAsync();
        var project = await hive.GenerateAsync("Acme.Shop", Suite.Template.Space.FirstWith(("cache", "none"), ("ci", "none")));
        var regenerated = await RegeneratedProject.StartAsync(project, hive);
        await regenerated.RunAsync("echo '// Mine' >>src/Acme.Shop/Models/Product.cs");
        var dirty = (await regenerated.RegenerateAsync("--cache redis")).EnsureFailed();
        Assert.Contains("There are uncommitted changes.", dirty.Output, StringComparison.Ordinal);
        await regenerated.CommitAsync("Mine");

        await regenerated.RunAsync(
            $"sed -i 's|<TemplateVersion>.*<|<TemplateVersion>{EarlierPack.Version}<|' src/Acme.Shop/Acme.Shop.csproj");
        await regenerated.CommitAsync("Another version");
        var other = (await regenerated.RegenerateAsync("")).EnsureFailed();
        Assert.Contains($"dotnet new install InterviewApi.Templates@{EarlierPack.Version}", other.Output, StringComparison.Ordinal);
        await regenerated.RunAsync("git reset --quiet --hard HEAD~1");

        Assert.Contains(
            "src/Acme.Shop/Dependencies/RedisDependencies.cs",
            (await regenerated.RegenerateAsync("--preview --cache redis")).EnsureSucceeded().Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(project.WebFolder, "Dependencies/RedisDependencies.cs")));
        await regenerated.RunAsync("test -z \"$(git log --merges --format=%h)$(git branch --list template)\"");
        (await regenerated.RegenerateAsync("--cache redis --auth none")).EnsureSucceeded();
        Assert.True(File.Exists(Path.Combine(project.WebFolder, "Dependencies/RedisDependencies.cs")));
        Assert.False(File.Exists(Path.Combine(project.WebFolder, "Models/User.cs")));
        Assert.EndsWith(
            "// Mine\n", await File.ReadAllTextAsync(Path.Combine(project.WebFolder, "Models/Product.cs")), StringComparison.Ordinal);

        // A place that both changed: the script says so, and the merge can be taken back.
        await regenerated.RunAsync(
            "sed -i 's|<PackageReference Include=\"StackExchange.Redis\" />|<!-- Mine -->|' src/Acme.Shop/Acme.Shop.csproj");
        await regenerated.CommitAsync("Edited");
        var conflict = (await regenerated.RegenerateAsync("--cache memory")).EnsureFailed();
        Assert.Contains("src/Acme.Shop/Acme.Shop.csproj", conflict.Output, StringComparison.Ordinal);
        Assert.Contains("git merge --abort", conflict.Output, StringComparison.Ordinal);
        Assert.Equal(["src/Acme.Shop/Acme.Shop.csproj"], await regenerated.ConflictsAsync());
        await regenerated.RunAsync("git merge --abort");
    }

    // What its user did: resources, their migration, an edit.
    private static async Task UseAsync(GeneratedProject project, TemplateHive hive, bool isWhole)
    {
        (await project.DotnetAsync(Patience, null, "restore")).EnsureSucceeded();
        foreach (var command in AddedResources.Commands(hasAccounts: false).Take(isWhole ? 3 : 1))
        {
            await hive.AddResourceAsync(project, command);
        }

        if (project.Combination.Value("migrations") == "true")
        {
            await AddMigrationAsync(project, "AddResources");
        }

        var settings = Path.Combine(project.WebFolder, "appsettings.json");
        await File.WriteAllTextAsync(
            settings,
            (await File.ReadAllTextAsync(settings))
            .Replace("\"LogLevel\": {", "\"LogLevel\": {\n      \"Acme\": \"Debug\",", StringComparison.Ordinal));
    }

    // What docs/change.md says of migrations.
    private static async Task FinishAsync(RegeneratedProject regenerated, Combination before, Combination after, CommandResult merge)
    {
        var project = regenerated.Project;
        var conflicts = await regenerated.ConflictsAsync();
        Assert.Equal(conflicts.Count == 0, merge.ExitCode == 0);
        Assert.All(conflicts, path => Assert.EndsWith("ModelSnapshot.cs", path, StringComparison.Ordinal));
        var keepsMigrations = after.Value("migrations") == "true" && before.Value("database") == after.Value("database");
        if (before.Value("migrations") == "true" && !keepsMigrations)
        {
            const string folder = $"src/Acme.Shop/{Migrations}";
            await regenerated.RunAsync($"git rm --quiet -r --force {folder}; git checkout --quiet template -- {folder} || true");
        }
        else if (conflicts.Count > 0)
        {
            await regenerated.RunAsync("git checkout --ours src/*/Core/Data/Migrations/*ModelSnapshot.cs");
        }

        await regenerated.RunAsync("git add --all && git commit --quiet --allow-empty --message Merged");
        if (after.Value("migrations") == "true")
        {
            await AddMigrationAsync(project, "Changed");
            if (before.Value("migrations") == "true" && keepsMigrations)
            {
                await regenerated.RunAsync("rm src/*/Core/Data/Migrations/*_Changed*.cs");
            }
        }
    }

    private static async Task AddMigrationAsync(GeneratedProject project, string name)
    {
        (await project.DotnetAsync(Patience, null, "tool", "restore")).EnsureSucceeded();
        string[] command = ["ef", "migrations", "add", name, "--project", project.WebFolder, "--output-dir", Migrations];
        (await project.DotnetAsync(Patience, null, command)).EnsureSucceeded();
    }

    private static Task<string> ProjectFileAsync(GeneratedProject project) =>
        File.ReadAllTextAsync(Path.Combine(project.WebFolder, "Acme.Shop.csproj"));

    private static async Task<Dictionary<string, string>> EnvironmentAsync(Combination combination)
    {
        var environment = new Dictionary<string, string> { ["CI"] = "true" };
        if (combination.Value("database") == "postgres" || combination.Value("cache") == "redis")
        {
            Requires.Servers();
            environment["ConnectionStrings__Database"] = await PostgresServer.ConnectionStringAsync();
            environment["ConnectionStrings__Redis"] = await RedisServer.StartAsync();
        }

        return environment;
    }

    // Each option goes through its pairs of values. Neighbors begin with the same pair, so that migrations are also kept once.
    private static IEnumerable<(Combination Start, Combination End)> Covering()
    {
        var space = Suite.Template.Space;
        var pairs = space.Options.Select(option => Pairs(option.Values.Count)).ToArray();
        return Enumerable.Range(0, pairs.Max(of => of.Length)).Select(row => (At(row, pair => pair.From), At(row, pair => pair.To)));

        Combination At(int row, Func<(int From, int To), int> side) =>
            space.Of([.. pairs.Select((of, option) => side(of[(row + ((option + 1) / 2)) % of.Length]))]);
    }

    private static (int From, int To)[] Pairs(int values) =>
    [
        .. from start in Enumerable.Range(0, values)
           from end in Enumerable.Range(0, values)
           where values == 2 || start != end
           select (start, end),
    ];
}
