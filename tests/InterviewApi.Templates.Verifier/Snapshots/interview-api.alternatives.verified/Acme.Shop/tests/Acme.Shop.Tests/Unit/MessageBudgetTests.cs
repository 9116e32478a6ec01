using Acme.Shop.Core.Realtime;

namespace Acme.Shop.Tests.Unit;

public sealed class MessageBudgetTests
{
    [Fact]
    public void It_allows_two_seconds_at_once_and_then_fills_continuously()
    {
        var time = new ManualTime();
        var budget = new MessageBudget(perSecond: 10, time);

        Assert.Equal(20, Take(budget));
        time.Elapsed += TimeSpan.FromMilliseconds(500);
        Assert.Equal(5, Take(budget));
        time.Elapsed += TimeSpan.FromHours(1);
        Assert.Equal(20, Take(budget));
    }

    private static int Take(MessageBudget budget) => Enumerable.Range(0, 100).TakeWhile(_ => budget.TryTake()).Count();

    private sealed class ManualTime : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}
