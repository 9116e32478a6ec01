using System.Diagnostics;
using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Two processes under load while their Redis freezes, dies and comes back.</summary>
[Trait("Level", "Run")]
public sealed class RedisFailureTests
{
    private const int Exports = 4;
    private const int Clients = 4;
    private const int RoundsOfEachPhase = 20;

    // A request asks Redis at most three times one after the other, and waits at most three seconds for each answer; then a
    // change waits at most for the lease. Three times that, for a machine that is busy.
    private static readonly TimeSpan MostLatency = 3 * (TimeSpan.FromSeconds(3 * 3) + TimeSpan.FromSeconds(3));

    [RealServersFact]
    public async Task Nothing_fails_and_nothing_is_lost_and_all_comes_back_by_itself()
    {
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
            await Eventually.HoldsAsync($"all instances are {status}", () => running.IsCompleted ? Task.FromResult(true) : cluster.AreAllAsync(status));
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

    private static async Task<bool> AreLimitsSharedAsync(Cluster cluster)
    {
        var token = (await TestAccount.SignUpAsync(cluster.Instances[0].Client)).AccessToken;
        var admitted = 0;
        for (var i = 0; i < 2 * Exports; i++)
        {
            using var response = await TestAccount.SendAsync(cluster.Instances[i % 2].Client, HttpMethod.Get, "/api/v1/products/export", token);
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

    /// <summary>Changes one product on one instance after the other, and reads it on the next one.</summary>
    private sealed class Load(Cluster cluster, TestProduct product)
    {
        private int _rounds;

        public int Rounds => Volatile.Read(ref _rounds);

        public async Task RunAsync(CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                // Nobody else changes it, so each change that is confirmed is the next version of the first one.
                var version = _rounds + 2;
                Assert.Equal(version, await TimeAsync(product.ChangeAsync(cluster.Instances[_rounds % 2].Client, _rounds)));
                Assert.Equal(version, await TimeAsync(product.ReadAsync(cluster.Instances[(_rounds + 1) % 2].Client)));
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
