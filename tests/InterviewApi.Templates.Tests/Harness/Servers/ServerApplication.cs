using System.Collections.Concurrent;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A generated API, built for Release once per run, of which tests start as many processes as they need.</summary>
internal sealed record ServerApplication(string Assembly)
{
    public const string Name = "Acme.Shop";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly ConcurrentDictionary<(int Combination, string? Handler), Lazy<Task<ServerApplication>>> Built = new();

    /// <summary>The first combination with these values; all other options have their defaults.</summary>
    public static Task<ServerApplication> WithAsync(params (string Flag, string Value)[] values) => WithHandlerAsync(null, values);

    /// <summary>The same, with one more handler of product events, given by its class.</summary>
    public static Task<ServerApplication> WithHandlerAsync(string? handler, params (string Flag, string Value)[] values)
    {
        var combination = Suite.Template.Space.All()
            .First(combination => values.All(value => combination.Value(value.Flag) == value.Value));

        return Built.GetOrAdd((combination.Number, handler), _ => new(() => BuildAsync(combination, handler))).Value;
    }

    /// <summary>Every option on, with a database in a file.</summary>
    public static Task<ServerApplication> OnSqliteAsync() => WithAsync(("database", "sqlite"), ("cache", "redis"));

    /// <summary>Every option on, with the production database: what is published already, as Docker changes no code.</summary>
    public static async Task<ServerApplication> OnPostgresAsync() => new((await PublishedApi.OnceAsync()).Assembly);

    private static async Task<ServerApplication> BuildAsync(Combination combination, string? handler)
    {
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync(Name, combination);
        var source = Path.Combine(project.Folder, "src", project.Name);
        if (handler is not null)
        {
            await AddHandlerAsync(source, handler);
        }

        (await project.DotnetAsync(Patience, null, "build", source, "--configuration", "Release", "--disable-build-servers"))
            .EnsureSucceeded();

        return new ServerApplication(
            Directory.EnumerateFiles(Path.Combine(source, "bin"), $"{Name}.dll", SearchOption.AllDirectories).Single());
    }

    // As docs/events.md of the generated project says: the class, and one line that registers it.
    private static async Task AddHandlerAsync(string source, string handler)
    {
        const string Registration = "services.AddEventHandler<ProductChanged, ProductChangeLog>();";
        await File.WriteAllTextAsync(Path.Combine(source, "Events", "AddedHandler.cs"), handler);
        var registrations = Path.Combine(source, "Dependencies", "ProductEventDependencies.cs");
        var text = await File.ReadAllTextAsync(registrations);
        Assert.Contains(Registration, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            registrations, text.Replace(
                Registration, $"{Registration} services.AddEventHandler<ProductChanged, AddedHandler>();", StringComparison.Ordinal));
    }
}
