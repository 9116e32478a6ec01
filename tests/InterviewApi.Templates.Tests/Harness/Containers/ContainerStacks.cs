using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// The combinations that run in containers. The first has everything; with CONTAINERS=all there are also SQLite alone, and
/// rows in which every two values of every two other options meet.
/// </summary>
internal static class ContainerStacks
{
    private const int Replicas = 2;

    public static IReadOnlyList<Combination> Rows { get; } =
        Environment.GetEnvironmentVariable("CONTAINERS") == "all" ? [Full(), .. Rest()] : [Full()];

    /// <summary>Generates a project; what would stop the tests is set so that it does not.</summary>
    public static Task<ContainerStack> PrepareAsync(Combination combination)
    {
        var settings = new Dictionary<string, string>();
        if (combination.Value("rate-limiting") == "true")
        {
            // No window ends during a test, and only uploads and exports reach their limit.
            settings["RateLimiting__WindowSeconds"] = "86400";
            settings["RateLimiting__PermitLimit"] = "1000000";
            settings["RateLimiting__Auth__PermitLimit"] = "1000";
        }

        // Several instances need what they have in common: a database server and, for cache and limits, Redis.
        var replicas = combination.Value("database") == "postgres" && combination.Value("cache") == "redis"
            && combination.Value("nginx") == "true" ? Replicas : 1;
        return ContainerStack.PrepareAsync("Acme.Shop", combination, replicas, settings);
    }

    public static Combination Full() => Suite.Template.Space.FirstWith(("database", "postgres"), ("cache", "redis"));

    private static List<Combination> Rest()
    {
        // What the pipeline is makes no difference to a container, and neither do manifests.
        var factors = Suite.Template.Options.Where(option => option.Flag is not ("docker" or "ci" or "kubernetes")).ToArray();
        var rows = CoveringArrayBuilder.Build([.. factors.Select(option => option.Values.Count)], 2);

        return [
            Suite.Template.Space.FirstWith(("nginx", "false")),
            .. rows.Select(
                row => Suite.Template.Space.FirstWith(
                    [.. factors.Select((option, index) => (option.Flag, option.Values[row[index]]))]))];
    }
}
