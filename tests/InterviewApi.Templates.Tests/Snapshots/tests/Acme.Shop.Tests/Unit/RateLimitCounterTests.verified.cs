using Acme.Shop.Core.RateLimiting;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Unit;

public sealed class RateLimitCounterTests
{
    private readonly AdjustableTimeProvider _time = new();
    private readonly RateLimitCounter _counter;

    public RateLimitCounterTests() => _counter = new(_time);

    [Fact]
    public async Task Concurrent_requests_are_admitted_up_to_the_limit_exactly()
    {
        var policy = new RateLimitPolicy("test", 100, TimeSpan.FromMinutes(5));
        var admitted = 0;

        await Parallel.ForAsync(0, 1000, async (_, _) =>
        {
            if (await IsAdmittedAsync(policy))
            {
                Interlocked.Increment(ref admitted);
            }
        });

        Assert.Equal(100, admitted);
    }

    [Fact]
    public async Task A_window_slides()
    {
        var policy = new RateLimitPolicy("test", 2, TimeSpan.FromSeconds(60));
        Assert.True(await IsAdmittedAsync(policy));
        _time.Advance(TimeSpan.FromSeconds(50));
        Assert.True(await IsAdmittedAsync(policy));
        _time.Advance(TimeSpan.FromSeconds(5));

        var refused = await _counter.CountAsync(policy, "client");
        Assert.False(refused.IsAcquired);
        Assert.InRange(refused.Reset.TotalSeconds, 0.1, 5);

        _time.Advance(refused.Reset);
        Assert.True(await IsAdmittedAsync(policy));
        Assert.False(await IsAdmittedAsync(policy));
    }

    [Fact]
    public async Task A_steady_rate_below_the_limit_is_never_refused()
    {
        var policy = new RateLimitPolicy("test", 10, TimeSpan.FromSeconds(60));

        for (var i = 0; i < 200; i++)
        {
            Assert.True(await IsAdmittedAsync(policy));
            _time.Advance(TimeSpan.FromSeconds(6.01));
        }
    }

    [Fact]
    public async Task Clients_and_policies_are_counted_apart()
    {
        var one = new RateLimitPolicy("one", 1, TimeSpan.FromSeconds(60));
        var other = new RateLimitPolicy("other", 1, TimeSpan.FromSeconds(60));

        Assert.True(await IsAdmittedAsync(one));
        Assert.True(await IsAdmittedAsync(other));
        Assert.True(await IsAdmittedAsync(one, "another client"));
        Assert.False(await IsAdmittedAsync(one));
    }

    [Fact]
    public async Task A_flood_of_addresses_is_bounded_and_locks_nobody_out()
    {
        var policy = new RateLimitPolicy("test", 1, TimeSpan.FromHours(1));
        Assert.True(await IsAdmittedAsync(policy, "address:192.0.2.1"));
        var admitted = 0;
        for (var site = 0; site < 2 * RateLimitCounter.MaxClients; site++)
        {
            admitted += await IsAdmittedAsync(policy, $"site:{0x20010db800000000 + site:x16}") ? 1 : 0;
            Assert.InRange(_counter.Clients, 1, RateLimitCounter.MaxClients);

            // Whoever goes on sending is not forgotten.
            Assert.False(await IsAdmittedAsync(policy, "address:192.0.2.1"));
        }

        Assert.InRange(admitted, 1, RateLimitCounter.MaxClients);
        for (var number = 2; number < 250; number++)
        {
            Assert.True(await IsAdmittedAsync(policy, $"address:192.0.2.{number}"));
            Assert.False(await IsAdmittedAsync(policy, $"address:192.0.2.{number}"));
        }

        Assert.True(await IsAdmittedAsync(policy, "site:20010db900010000"));
    }

    [Fact]
    public async Task Clients_are_evicted_when_their_window_is_over()
    {
        var policy = new RateLimitPolicy("test", 1, TimeSpan.FromHours(1));
        for (var client = 0; client < 1000; client++)
        {
            await IsAdmittedAsync(policy, $"client {client}");
        }

        for (var window = 0; window < 2; window++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await IsAdmittedAsync(policy);
        }

        Assert.Equal(1, _counter.Clients);
    }

    private async Task<bool> IsAdmittedAsync(RateLimitPolicy policy, string client = "client") =>
        (await _counter.CountAsync(policy, client)).IsAcquired;
}
