using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What the cache saves, and what it never shows, over several processes.</summary>
[Trait("Level", "Run")]
public sealed class CacheTests
{
    private const int Instances = 3;
    private const int Readers = 200;
    private const int Clients = 6;
    private const int Rounds = 40;

    [RealServersFact]
    public async Task Two_hundred_concurrent_reads_of_a_cold_product_make_one_query()
    {
        // A lease so long that no busy machine closes the cache meanwhile.
        await using var cluster = await Cluster.StartAsync(1, QueryLog.Setting, ("Cache__LeaseSeconds", "60"));
        var server = cluster.Instances[0];
        var product = await CreateAsync(cluster);

        var queries = await new QueryLog(server).CountDuringAsync(async () =>
        {
            var responses = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => product.ReadAsync(server.Client)));
            Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        });

        Assert.Equal(1, queries);
    }

    [RealServersFact]
    public async Task A_change_is_seen_by_the_next_read_on_every_instance()
    {
        await using var cluster = await Cluster.StartAsync(Instances);
        var product = await CreateAsync(cluster);
        for (var round = 1; round <= Rounds; round++)
        {
            using var change = await product.ChangeAsync(cluster.Instances[round % Instances].Client, round);
            Assert.Equal(HttpStatusCode.OK, change.StatusCode);
            var reads = await Task.WhenAll(cluster.Instances.Select(instance => product.ReadAsync(instance.Client)));
            Assert.All(reads, read => Assert.Equal(TestProduct.VersionOf(change), TestProduct.VersionOf(read)));
        }
    }

    [RealServersFact]
    public async Task No_client_ever_reads_what_is_older_than_its_last_change()
    {
        await using var cluster = await Cluster.StartAsync(Instances);
        TestProduct[] products = [await CreateAsync(cluster), await CreateAsync(cluster)];

        var changes = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => ChangeAndReadAsync(cluster, products[client % products.Length], client)));

        Assert.All(changes, made => Assert.True(made > 0, "A client could change nothing."));
    }

    /// <returns>How many of its changes the client saw confirmed.</returns>
    private static async Task<int> ChangeAndReadAsync(Cluster cluster, TestProduct product, int client)
    {
        var (changes, confirmed) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            using var change = await product.ChangeAsync(cluster.Instances[(client + round) % Instances].Client, round);
            if (change.StatusCode == HttpStatusCode.OK)
            {
                (changes, confirmed) = (changes + 1, TestProduct.VersionOf(change));
            }
            else
            {
                // Others have changed it again and again meanwhile.
                Assert.Equal(HttpStatusCode.Conflict, change.StatusCode);
            }

            for (var instance = 0; instance < Instances; instance++)
            {
                using var read = await product.ReadAsync(cluster.Instances[instance].Client);
                Assert.InRange(TestProduct.VersionOf(read), confirmed, int.MaxValue);
            }
        }

        return changes;
    }

    private static async Task<TestProduct> CreateAsync(Cluster cluster)
    {
        var client = cluster.Instances[0].Client;
        return await TestProduct.CreateAsync(client, (await TestAccount.SignUpAsync(client)).AccessToken);
    }
}
