using System.Collections.Concurrent;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A generated API, built for Release once per run, of which tests start as many processes as they need.</summary>
internal sealed record ServerApplication(string Assembly)
{
    public const string Name = "Acme.Shop";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly ConcurrentDictionary<int, Lazy<Task<ServerApplication>>> Built = new();

    /// <summary>The first combination with these values; all other options have their defaults.</summary>
    public static Task<ServerApplication> WithAsync(params (string Flag, string Value)[] values)
    {
        var combination = Suite.Template.Space.All().First(combination => values.All(value => combination.Value(value.Flag) == value.Value));

        return Built.GetOrAdd(combination.Number, _ => new(() => BuildAsync(combination))).Value;
    }

    /// <summary>Every option on, with a database in a file.</summary>
    public static Task<ServerApplication> OnSqliteAsync() => WithAsync(("database", "sqlite"), ("cache", "redis"));

    /// <summary>Every option on, with the production database.</summary>
    public static Task<ServerApplication> OnPostgresAsync() => WithAsync(("database", "postgres"), ("cache", "redis"));

    private static async Task<ServerApplication> BuildAsync(Combination combination)
    {
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync(Name, combination);
        var source = Path.Combine(project.Folder, "src", project.Name);
        (await project.DotnetAsync(Patience, null, "build", source, "--configuration", "Release", "--disable-build-servers")).EnsureSucceeded();

        return new ServerApplication(Directory.EnumerateFiles(Path.Combine(source, "bin"), $"{Name}.dll", SearchOption.AllDirectories).Single());
    }
}
