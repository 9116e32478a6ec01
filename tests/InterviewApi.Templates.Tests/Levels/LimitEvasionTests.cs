using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>No caller gets another count by what it writes into a request.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class LimitEvasionTests
{
    private const int Limit = 5;
    private const int Connections = 4;
    private const int ForgedAddresses = 100_000;
    private const long MostGrowth = 96 * 1024 * 1024;
    private const string Address = "/api/v1/products/1";
    private const string NoField = "Accept: */*";

    [Fact]
    public async Task A_hundred_thousand_forged_addresses_share_one_count_and_little_memory()
    {
        Requires.Servers();
        await using var cluster = await StartAsync();
        var server = cluster.Instances[0];
        var warmUp = await Pipeline.SendAsync(server.Port, [.. Enumerable.Repeat((Address, NoField), 10_000)]);
        Assert.Equal(Limit, warmUp.Count(IsAdmitted));
        var before = server.Memory.ResidentBytes;

        var statuses = await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Pipeline.SendAsync(
            server.Port,
            [
                .. Enumerable.Range(0, ForgedAddresses / Connections)
                .Select(i => (Address, $"X-Forwarded-For: 10.{connection}.{i / 256}.{i % 256}"))])));

        Assert.Equal(ForgedAddresses, statuses.Sum(ofConnection => ofConnection.Count));
        Assert.All(statuses.SelectMany(ofConnection => ofConnection), status => Assert.Equal((int)HttpStatusCode.TooManyRequests, status));
        var growth = server.Memory.ResidentBytes - before;
        Assert.True(growth < MostGrowth, $"The process has grown by {ProcessMemory.InMiB(growth)}.");
    }

    [Fact]
    public async Task No_way_to_write_a_path_makes_a_new_count()
    {
        Requires.Servers();
        await using var cluster = await StartAsync();
        string[] targets =
        [
            Address, "/API/V1/Products/1", "/api/v1/products/1/", "/api/v1/products/1?x=1", "/api/v1/products/1?x=2",
                "/api/v1/%70roducts/1",
            "/api/v1/%2570roducts/1", "//api/v1/products/1", "/api/./v1/products/1", "/api/v1/products/%31", "/api/v2/products/1", "/",
                "/nowhere",
        ];

        var statuses = await Pipeline.SendAsync(cluster.Instances[0].Port, [.. targets.Select(target => (target, NoField))]);

        Assert.Equal(targets.Length, statuses.Count);
        Assert.All(statuses.Take(Limit), status => Assert.True(IsAdmitted(status)));
        Assert.All(statuses.Skip(Limit), status => Assert.Equal((int)HttpStatusCode.TooManyRequests, status));
    }

    // Without Redis each instance keeps the counts in its own memory, which is what a flood of addresses would fill.
    private static async Task<Cluster> StartAsync()
    {
        var cluster = await Cluster.StartAsync(
            1,
            ("RateLimiting__PermitLimit", $"{Limit}"), ("RateLimiting__WindowSeconds", "86400"),
            ("Logging__LogLevel__Default", "Warning"), ("DOTNET_gcServer", "0"));
        await cluster.Redis.StopAsync();
        await Eventually.HoldsAsync("the instance counts for itself", () => cluster.AreAllAsync("Degraded"));

        return cluster;
    }

    private static bool IsAdmitted(int status) => status != (int)HttpStatusCode.TooManyRequests;
}
