using System.Diagnostics;
using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Two processes under load while their Redis freezes, dies and comes back.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class RedisFailureTests
{
    private const int Exports = 4;
    private const int Clients = 4;
    private const int RoundsOfEachPhase = 20;

    // A request asks Redis at most three times one after the other, and waits at most three seconds for each answer. Three
    // times that, for a machine that is busy.
    private static readonly TimeSpan MostLatency = 3 * TimeSpan.FromSeconds(3 * 3);

    // What an instance may serve out of its memory, by default, and some time for a machine that is busy.
    private static readonly TimeSpan MostStaleness = TimeSpan.FromSeconds(5) + TimeSpan.FromSeconds(5);

    [Fact]
    public async Task While_Redis_freezes_and_dies_no_request_fails_and_afterwards_all_is_as_before()
    {
        Requires.Servers();
        await using var cluster = await Cluster.StartAsync(
            2, QueryLog.Setting, ("RateLimiting__Upload__PermitLimit", $"{Exports}"), ("RateLimiting__WindowSeconds", "3600"));
        var client = cluster.Instances[0].Client;
        var token = (await TestAccount.SignUpAsync(client)).AccessToken;
        var load = new List<Load>();
        for (var i = 0; i < Clients; i++)
        {
            load.Add(new Load(cluster, await TestProduct.CreateAsync(client, token)));
        }

        using var end = new CancellationTokenSource();
        var running = Task.WhenAll(load.Select(one => one.RunAsync(end.Token)));
        await PassAsync("Healthy");
        await cluster.Redis.FreezeAsync();
        await PassAsync("Degraded");
        await cluster.Redis.ThawAsync();
        await PassAsync("Healthy");
        await cluster.Redis.StopAsync();
        await PassAsync("Degraded");
        await cluster.Redis.StartAsync();
        await PassAsync("Healthy");
        await end.CancelAsync();
        await running;

        await Eventually.HoldsAsync("limits are shared", () => AreLimitsSharedAsync(cluster));
        await Eventually.HoldsAsync("the cache is shared", () => IsCacheSharedAsync(cluster, token));

        async Task PassAsync(string status)
        {
            await Eventually.HoldsAsync(
                $"all instances are {status}", () => running.IsCompleted ? Task.FromResult(true) : cluster.AreAllAsync(status));
            var goals = load.Select(one => one.Rounds + RoundsOfEachPhase).ToArray();
            await Eventually.HoldsAsync(
                $"the load goes on while they are {status}",
                () => running.IsCompleted || load.Zip(goals).All(one => one.First.Rounds >= one.Second));
            if (running.IsCompleted)
            {
                await running;
            }
        }
    }

    [Theory]
    [InlineData("OOM", "config set maxmemory 1", "config set maxmemory 0")]
    [InlineData("READONLY", "replicaof 127.0.0.1 1", "replicaof no one")]
    public async Task A_Redis_that_refuses_writes_is_reported_once_and_used_again_later(string reason, string refuse, string accept)
    {
        Requires.Servers();
        await using var cluster = await Cluster.StartAsync(1);
        var instance = cluster.Instances[0];
        var token = (await TestAccount.SignUpAsync(instance.Client)).AccessToken;
        var product = await TestProduct.CreateAsync(instance.Client, token);

        await cluster.Redis.CommandAsync(refuse.Split(' '));
        await UseAsync(product, instance);
        await Eventually.HoldsAsync("the instance is degraded", () => cluster.AreAllAsync("Degraded"));
        await UseAsync(product, instance);

        Assert.Equal(1, instance.CountInLog("Redis is unavailable. This instance"));
        Assert.Contains(reason, instance.Log, StringComparison.Ordinal);
        await cluster.Redis.CommandAsync(accept.Split(' '));
        await Eventually.HoldsAsync("the instance is healthy", () => cluster.AreAllAsync("Healthy"));
        await UseAsync(product, instance);
        Assert.Equal(1, instance.CountInLog("Redis is available again"));
        Assert.Equal(1, instance.CountInLog("Redis is unavailable. This instance"));
    }

    [Fact]
    public async Task A_wrong_password_is_reported_as_the_reason_and_not_repeated()
    {
        Requires.Servers();
        const string Wrong = "wr0ng-passw0rd";
        await using var redis = new RestartableRedis("--requirepass", "right");
        await redis.StartAsync();
        await using var cluster = await Cluster.StartAsync(
            redis, 1, ("ConnectionStrings__Redis", $"{redis.ConnectionString},password={Wrong}"));
        var instance = cluster.Instances[0];
        var token = (await TestAccount.SignUpAsync(instance.Client)).AccessToken;

        await UseAsync(await TestProduct.CreateAsync(instance.Client, token), instance);

        Assert.Matches("Redis is unavailable.*(?i:password)", instance.Log);
        Assert.DoesNotContain(Wrong, instance.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_a_cluster_shares_cache_and_limits_as_a_single_one_does()
    {
        Requires.Servers();
        await using var redis = new RestartableRedis("--cluster-enabled", "yes");
        await redis.StartAsync();
        await redis.CommandAsync("cluster", "addslotsrange", "0", "16383");
        await Task.Delay(TimeSpan.FromSeconds(2));
        await using var cluster = await Cluster.StartAsync(
            redis, 2, QueryLog.Setting, ("RateLimiting__Upload__PermitLimit", $"{Exports}"), ("RateLimiting__WindowSeconds", "3600"));
        var token = (await TestAccount.SignUpAsync(cluster.Instances[0].Client)).AccessToken;

        Assert.True(await AreLimitsSharedAsync(cluster));
        await Eventually.HoldsAsync("the cache is shared", () => IsCacheSharedAsync(cluster, token));
        await UseAsync(await TestProduct.CreateAsync(cluster.Instances[0].Client, token), cluster.Instances[0]);

        Assert.DoesNotContain(
            cluster.Instances,
            instance =>
                instance.Log.Contains("Redis is unavailable", StringComparison.Ordinal)
                || instance.Log.Contains("Redis refuses", StringComparison.Ordinal));
    }

    /// <summary>Changes and reads a product for some seconds; each read shows the change before it.</summary>
    private static async Task UseAsync(TestProduct product, ServerInstance instance)
    {
        for (var round = 0; round < RoundsOfEachPhase; round++)
        {
            using var change = await product.ChangeAsync(instance.Client, round);
            using var read = await product.ReadAsync(instance.Client);
            Assert.Equal(HttpStatusCode.OK, change.StatusCode);
            Assert.Equal(TestProduct.VersionOf(change), TestProduct.VersionOf(read));
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    private static async Task<bool> AreLimitsSharedAsync(Cluster cluster)
    {
        var token = (await TestAccount.SignUpAsync(cluster.Instances[0].Client)).AccessToken;
        var admitted = 0;
        for (var i = 0; i < 2 * Exports; i++)
        {
            using var response = await TestAccount.SendAsync(
                cluster.Instances[i % 2].Client, HttpMethod.Get, "/api/v1/products/export", token);
            admitted += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        return admitted == Exports;
    }

    private static async Task<bool> IsCacheSharedAsync(Cluster cluster, string token)
    {
        var product = await TestProduct.CreateAsync(cluster.Instances[0].Client, token);
        using var first = await product.ReadAsync(cluster.Instances[0].Client);
        var queries = await new QueryLog(cluster.Instances[1]).CountDuringAsync(async () =>
        {
            using var second = await product.ReadAsync(cluster.Instances[1].Client);
            Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        });

        return queries == 0;
    }

    /// <summary>Changes one product on one instance after the other, and reads it there and on the next one.</summary>
    private sealed class Load(Cluster cluster, TestProduct product)
    {
        private readonly List<(int Version, TimeSpan At)> _confirmed = [];
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private int _rounds;

        public int Rounds => Volatile.Read(ref _rounds);

        public async Task RunAsync(CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                // Nobody else changes it, so each change that is confirmed is the next version of the first one.
                var version = _rounds + 2;
                var (here, there) = (cluster.Instances[_rounds % 2].Client, cluster.Instances[(_rounds + 1) % 2].Client);
                Assert.Equal(version, await TimeAsync(product.ChangeAsync(here, _rounds)));
                _confirmed.Add((version, _clock.Elapsed));
                Assert.Equal(version, await TimeAsync(product.ReadAsync(here)));
                var oldest = _confirmed.LastOrDefault(change => change.At < _clock.Elapsed - MostStaleness).Version;
                Assert.InRange(await TimeAsync(product.ReadAsync(there)), oldest, version);
                Interlocked.Increment(ref _rounds);
            }
        }

        /// <returns>The version of the product.</returns>
        private static async Task<int> TimeAsync(Task<HttpResponseMessage> request)
        {
            var clock = Stopwatch.StartNew();
            using var response = await request;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, MostLatency);

            return TestProduct.VersionOf(response);
        }
    }
}
