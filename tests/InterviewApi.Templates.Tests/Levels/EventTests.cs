using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Processes die, and Redis with them, while events are on their way: none is lost.</summary>
[Trait("Level", "Run")]
public sealed partial class EventTests
{
    private const int CreatesOfEachLife = 10;
    private const int Events = 5000;

    // Each is a start of the API, so a run on each change has few.
    private static readonly int Kills = Environment.GetEnvironmentVariable("KILLS") is { Length: > 0 } kills
        ? int.Parse(kills, System.Globalization.CultureInfo.InvariantCulture)
        : 10;

    // A claim lasts 30 seconds longer than a handler may take.
    private static readonly (string Name, string Value) ShortClaims = ("Events__HandlerTimeoutSeconds", "5");

    // For each product that is created, a second one in the same transaction as the record of the message.
    private const string EffectHandler =
        """
        using Acme.Shop.Core.Events;
        using Acme.Shop.Models;

        namespace Acme.Shop.Events;

        public sealed class AddedHandler(AppDbContext db, ProcessedMessages processed, TimeProvider time) : IHandler<ProductChanged>
        {
            public async Task HandleAsync(EventMessage<ProductChanged> message, CancellationToken cancellationToken)
            {
                if (message.Event.Kind == ProductChangeKind.Created && await processed.TryBeginAsync<AddedHandler>(message.Id, cancellationToken))
                {
                    var now = time.GetUtcNow();
                    db.Add(new Product { Name = $"{message.Event.Product.Id}", Category = "effects", Price = 1, CreatedAt = now, UpdatedAt = now });
                    await db.SaveChangesAsync(cancellationToken);
                }
            }
        }
        """;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task A_process_that_is_killed_after_its_answers_loses_no_event_and_a_recorded_handler_takes_effect_once(string database)
    {
        Requires.Servers();
        var application = await ServerApplication.WithHandlerAsync(EffectHandler, ("database", database), ("cache", "memory"));
        var file = Path.Combine(new TemporaryFolder($"events-{database}").Path, "shop.db");
        var connection = database == "sqlite" ? $"Data Source={file}" : (await PostgresDatabase.CreateAsync()).ConnectionString;
        (string, string)[] settings = [("ConnectionStrings__Database", connection), ShortClaims];
        var answered = new ConcurrentBag<long>();
        var handled = new HashSet<long>();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ServerInstance.StartAsync(application, settings);
            var token = (await TestAccount.SignUpAsync(server.Client)).AccessToken;
            var creates = Enumerable.Range(0, CreatesOfEachLife).Select(async _ =>
            {
                try
                {
                    answered.Add(IdOf(await TestProduct.CreateAsync(server.Client, token)));
                }
                catch (HttpRequestException)
                {
                    // Killed before its answer: the product and its event are there, or neither is.
                }
            }).ToList();
            await Task.WhenAny(creates);
            await server.KillAsync();
            await Task.WhenAll(creates);
            handled.UnionWith(CreatedIn(server.Log));
        }

        await using var last = await ServerInstance.StartAsync(application, settings);
        await Eventually.HoldsAsync(
            "all events are handled", () => answered.All(id => handled.Contains(id) || CreatedIn(last.Log).Contains(id)));
        var created = await ListAsync(last, "kitchen", "id");
        await Eventually.HoldsAsync("all effects are there", async () => (await EffectsAsync(last)).Count >= created.Count);

        Assert.InRange(answered.Count, Kills, created.Count);
        Assert.Equal(created.Order(StringComparer.Ordinal), (await EffectsAsync(last)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_instances_share_the_events_and_one_handles_the_rest_when_the_other_is_killed()
    {
        Requires.Servers();
        var application = await ServerApplication.WithAsync(("database", "postgres"), ("cache", "memory"));
        var database = await PostgresDatabase.CreateAsync();
        (string, string)[] settings = [("ConnectionStrings__Database", database.ConnectionString), ShortClaims];
        var one = await ServerInstance.StartAsync(application, settings);
        await using var other = await ServerInstance.StartAsync(application, settings);

        await database.ExecuteAsync(Insert(1, Events));
        await Eventually.HoldsAsync("all events are handled", () => CreatedIn(one.Log).Count() + CreatedIn(other.Log).Count() >= Events);
        Assert.NotEmpty(CreatedIn(one.Log));
        Assert.NotEmpty(CreatedIn(other.Log));
        Assert.Equal(Enumerable.Range(1, Events).Select(id => (long)id), CreatedIn(one.Log).Concat(CreatedIn(other.Log)).Order());

        await database.ExecuteAsync(Insert(Events + 1, Events));
        await Eventually.HoldsAsync("some events are handled", () => CreatedIn(one.Log).Any(id => id > Events));
        await one.DisposeAsync();

        await Eventually.HoldsAsync(
            "the rest is handled",
            () => CreatedIn(one.Log).Concat(CreatedIn(other.Log)).Where(id => id > Events).Distinct().Count() == Events);
    }

    [Fact]
    public async Task A_Redis_that_is_stopped_and_flushed_under_load_loses_no_event_and_fails_no_request()
    {
        Requires.Servers();
        await using var cluster = await Cluster.StartAsync(2, ShortClaims);
        var token = (await TestAccount.SignUpAsync(cluster.Instances[0].Client)).AccessToken;
        var created = new ConcurrentBag<long>();
        var load = new BoundedLoad([.. cluster.Instances.Select<ServerInstance, Func<Task<HttpResponseMessage>>>(instance => async () =>
        {
            var response = await TestAccount.SendAsync(
                instance.Client, HttpMethod.Post, "/api/v1/products", token, JsonContent.Create(
                    new { name = "Cup", price = 1, category = "kitchen" }));
            if (response.StatusCode == HttpStatusCode.Created)
            {
                created.Add(
                    long.Parse(response.Headers.Location!.ToString().Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture));
            }

            return response;
        })]);

        await load.WaitForAsync(100);
        await cluster.Redis.StopAsync();
        await load.WaitForAsync(300);
        await cluster.Redis.StartAsync();
        await load.WaitForAsync(200);
        await cluster.Redis.CommandAsync("flushall");
        await load.WaitForAsync(100);
        await load.StopAsync();

        await Eventually.HoldsAsync(
            "all events are handled",
            () => created.All(cluster.Instances.SelectMany(instance => CreatedIn(instance.Log)).ToHashSet().Contains));
    }

    private static long IdOf(TestProduct product) =>
        long.Parse(product.Address.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<long> CreatedIn(string log) =>
        Created().Matches(log).Select(match => long.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));

    private static Task<List<string>> EffectsAsync(ServerInstance server) => ListAsync(server, "effects", "name");

    private static async Task<List<string>> ListAsync(ServerInstance server, string category, string property)
    {
        var values = new List<string>();
        JsonElement[] page;
        do
        {
            page = (
                await server.Client.GetFromJsonAsync<JsonElement[]>(
                    $"/api/v1/products?category={category}&limit=100&skip={values.Count}"))!;
            values.AddRange(page.Select(product => product.GetProperty(property).ToString()));
        }
        while (page.Length > 0);

        return values;
    }

    private static string Insert(int first, int count) =>
        $$$"""
        INSERT INTO "OutboxMessages" ("Id", "Type", "SchemaVersion", "Aggregate", "OccurredAt", "Payload", "Attempts", "NextAttemptAt")
        SELECT gen_random_uuid(), 'product.changed', 1, 'product:' || n, now(),
            '{"kind":"Created","product":{"id":' || n || ',"name":"Cup","price":{"amount":"1.00","currency":"USD"},"category":"c",'
            || '"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","version":1}}', 0, now()
        FROM generate_series({{{first}}}, {{{first + count - 1}}}) AS n
        """;

    [GeneratedRegex(@"Product (\d+) was changed: Created")]
    private static partial Regex Created();
}
