using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What limits admit, on one process and on several together.</summary>
[Trait("Level", "Run")]
[Collection(AloneGroup.Name)]
public sealed class SharedLimitTests
{
    private const string Address = "/api/v1/products/1";
    private const string Export = "/api/v1/products/export";
    private const int Limit = 100;
    private const int Requests = 1000;

    // The window does not end during a test, however slow the machine is; and a test has as many clients as it likes.
    private static readonly (string, string)[] HundredAnHour =
        [
            ("RateLimiting__PermitLimit", $"{Limit}"), ("RateLimiting__WindowSeconds", "3600"),
            ("ForwardedHeaders__KnownProxies__0", "127.0.0.1")];

    [Fact]
    public async Task One_instance_alone_admits_exactly_the_limit()
    {
        Requires.Servers();
        await using var cluster = await Cluster.StartAsync(1, HundredAnHour);
        await cluster.Redis.StopAsync();
        await Eventually.HoldsAsync("the instance counts for itself", () => cluster.AreAllAsync("Degraded"));

        Assert.Equal(Limit, await CountAdmittedAsync(cluster, "192.0.2.1"));
    }

    [Fact]
    public async Task Three_instances_on_one_Redis_admit_exactly_the_limit_together()
    {
        Requires.Servers();
        await using var cluster = await Cluster.StartAsync(3, HundredAnHour);

        // On a machine that stands still for seconds an instance may count for itself meanwhile: then the next client tries.
        var client = 0;
        await Eventually.HoldsAsync("all instances were with Redis while a client tried", async () =>
        {
            await Eventually.HoldsAsync("all are with Redis", () => cluster.AreAllAsync("Healthy"));
            var alone = CountAlone(cluster);
            var admitted = await CountAdmittedAsync(cluster, $"192.0.2.{++client}");
            if (CountAlone(cluster) != alone)
            {
                return false;
            }

            Assert.Equal(Limit, admitted);
            return true;
        });
    }

    [Fact]
    public async Task A_steady_rate_below_the_limit_is_never_refused_and_who_waits_as_long_as_it_is_told_is_admitted()
    {
        Requires.Servers();
        await using var cluster = await Cluster.StartAsync(
            2, ("RateLimiting__PermitLimit", "50"), ("RateLimiting__Upload__PermitLimit", "1"), ("RateLimiting__WindowSeconds", "5"));
        var token = (await TestAccount.SignUpAsync(cluster.Instances[0].Client)).AccessToken;

        // Each waits for the answer to the one before and a little longer, so that no five seconds hold more than 48.
        for (var i = 0; i < 120; i++)
        {
            using var response = await GetAsync(cluster, i, token);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            await Task.Delay(TimeSpan.FromMilliseconds(105));
        }

        var number = 0;
        HttpResponseMessage? refusal = null;
        await Eventually.HoldsAsync("an export is refused", async () =>
        {
            refusal = await GetAsync(cluster, ++number, token, Export);
            return refusal.StatusCode == HttpStatusCode.TooManyRequests;
        });
        var wait = refusal!.Headers.RetryAfter!.Delta!.Value;
        Assert.InRange(wait.TotalSeconds, 1, 5);
        await Task.Delay(wait);
        using var after = await GetAsync(cluster, ++number, token, Export);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private static int CountAlone(Cluster cluster) => cluster.Instances.Sum(instance => instance.CountInLog("limited by each instance"));

    private static async Task<int> CountAdmittedAsync(Cluster cluster, string address)
    {
        var responses = await Task.WhenAll(
            Enumerable.Range(0, Requests).Select(i => GetFromAsync(cluster.Instances[i % cluster.Instances.Count], address)));
        var refused = responses.Where(response => response.StatusCode == HttpStatusCode.TooManyRequests).ToArray();
        Assert.All(refused, response => Assert.NotNull(response.Headers.RetryAfter?.Delta));
        Assert.All(responses.Except(refused), response => Assert.Equal(HttpStatusCode.NotFound, response.StatusCode));

        return Requests - refused.Length;
    }

    private static Task<HttpResponseMessage> GetFromAsync(ServerInstance server, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Add("X-Forwarded-For", address);

        return server.Client.SendAsync(request);
    }

    private static Task<HttpResponseMessage> GetAsync(Cluster cluster, int number, string token, string address = Address) =>
        TestAccount.SendAsync(cluster.Instances[number % cluster.Instances.Count].Client, HttpMethod.Get, address, token);
}
