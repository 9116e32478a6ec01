using Acme.Shop.Core.Caching;

namespace Acme.Shop.Tests.Unit;

public sealed class SingleFlightTests
{
    private readonly SingleFlight<int> _flights = new();
    private int _runs;

    [Fact]
    public async Task All_who_come_while_one_runs_share_the_next_one()
    {
        var gate = new TaskCompletionSource();
        var first = _flights.RunAsync("key", () => RunAfterAsync(gate.Task));

        var others = Enumerable.Range(0, 100).Select(_ => _flights.RunAsync("key", () => RunAfterAsync(Task.CompletedTask))).ToList();
        gate.SetResult();

        Assert.Equal(1, await first);
        Assert.All(await Task.WhenAll(others), run => Assert.Equal(2, run));
    }

    [Fact]
    public async Task Keys_do_not_wait_for_each_other()
    {
        var never = new TaskCompletionSource();
        _ = _flights.RunAsync("one", () => RunAfterAsync(never.Task));

        Assert.Equal(1, await _flights.RunAsync("other", () => RunAfterAsync(Task.CompletedTask)));
    }

    [Fact]
    public async Task A_failure_is_given_to_those_who_waited_and_to_nobody_else()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _flights.RunAsync("key", () => throw new InvalidOperationException()));

        Assert.Equal(1, await _flights.RunAsync("key", () => RunAfterAsync(Task.CompletedTask)));
    }

    private async Task<int> RunAfterAsync(Task gate)
    {
        await gate;
        return Interlocked.Increment(ref _runs);
    }
}
