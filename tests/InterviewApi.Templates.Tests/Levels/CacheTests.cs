using System.Diagnostics;
using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What the cache saves, and what it never shows, over several processes.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class CacheTests
{
    private const int Instances = 3;
    private const int Readers = 200;
    private const int Clients = 6;
    private const int Rounds = 40;

    [Fact]
    public async Task Two_hundred_concurrent_reads_of_a_cold_list_make_one_query()
    {
        Requires.Servers();
        await using var cluster = await Cluster.StartAsync(1, QueryLog.Setting);
        var server = cluster.Instances[0];

        // Its product is cached by then, and the lists are not.
        await CreateAsync(cluster);

        var queries = await new QueryLog(server).CountDuringAsync(async () =>
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => server.Client.GetAsync("/api/v2/products")));
            Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        });

        Assert.Equal(1, queries);
    }

    [Fact]
    public async Task A_change_is_seen_at_once_on_its_instance_and_within_a_second_on_the_others()
    {
        Requires.Servers();
        // Only an invalidation can bring the change: no copy in memory expires meanwhile.
        await using var cluster = await Cluster.StartAsync(Instances, ("Cache__LocalSeconds", "3600"), ("Cache__TtlSeconds", "3600"));
        var product = await CreateAsync(cluster);
        var delays = new List<TimeSpan>();
        for (var round = 1; round <= Rounds; round++)
        {
            var changed = cluster.Instances[round % Instances];
            using var change = await product.ChangeAsync(changed.Client, round);
            Assert.Equal(HttpStatusCode.OK, change.StatusCode);
            var version = TestProduct.VersionOf(change);
            var clock = Stopwatch.StartNew();
            Assert.Equal(version, await ReadVersionAsync(product, changed));
            foreach (var instance in cluster.Instances)
            {
                await Eventually.HoldsAsync("the change is seen", async () => await ReadVersionAsync(product, instance) == version);
            }

            delays.Add(clock.Elapsed);
        }

        // A busy machine may stand still now and then.
        Assert.InRange(delays.Order().ElementAt(Rounds / 2), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task No_client_of_one_instance_reads_what_is_older_than_its_last_change()
    {
        Requires.Servers();
        await using var cluster = await Cluster.StartAsync(Instances);
        TestProduct[] products = [await CreateAsync(cluster), await CreateAsync(cluster)];

        var changes = await Task.WhenAll(
            Enumerable.Range(0, Clients).Select(client => ChangeAndReadAsync(cluster, products[client % products.Length], client)));

        Assert.All(changes, made => Assert.True(made > 0, "A client could change nothing."));
    }

    /// <returns>How many of its changes the client saw confirmed.</returns>
    private static async Task<int> ChangeAndReadAsync(Cluster cluster, TestProduct product, int client)
    {
        var (changes, confirmed) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var instance = cluster.Instances[(client + round) % Instances];
            using var change = await product.ChangeAsync(instance.Client, round);
            if (change.StatusCode == HttpStatusCode.OK)
            {
                (changes, confirmed) = (changes + 1, TestProduct.VersionOf(change));
            }
            else
            {
                // Others have changed it again and again meanwhile.
                Assert.Equal(HttpStatusCode.Conflict, change.StatusCode);
            }

            if (change.StatusCode == HttpStatusCode.OK)
            {
                Assert.InRange(await ReadVersionAsync(product, instance), confirmed, int.MaxValue);
            }
        }

        return changes;
    }

    private static async Task<int> ReadVersionAsync(TestProduct product, ServerInstance instance)
    {
        using var read = await product.ReadAsync(instance.Client);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);

        return TestProduct.VersionOf(read);
    }

    private static async Task<TestProduct> CreateAsync(Cluster cluster)
    {
        var client = cluster.Instances[0].Client;
        return await TestProduct.CreateAsync(client, (await TestAccount.SignUpAsync(client)).AccessToken);
    }
}
