using InterviewApi.Core.Events;
using InterviewApi.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace InterviewApi.Tests.Integration;

public sealed class EventOperationTests
{
    private readonly Script _script = new();

    [Fact]
    public async Task Two_instances_share_the_work_and_handle_each_event_once()
    {
        const int Count = 200;
        await using var database = new TestDatabase();
        await using var one = await new EventHost(database).StartAsync(_script.Register);
        var script = new Script();
        await using var other = await new EventHost(database).StartAsync(script.Register);

        await Task.WhenAll(
            one.EnqueueAsync([.. Enumerable.Range(0, Count / 2).Select(number => new Happened($"{number % 20}", number))]),
            other.EnqueueAsync([.. Enumerable.Range(Count / 2, Count / 2).Select(number => new Happened($"{number % 20}", number))]));
        await Eventually.HoldsAsync(() => _script.First.Count + script.First.Count >= Count);
        await one.SettledAsync();

        Assert.Equal(Enumerable.Range(0, Count), _script.First.Concat(script.First).Select(message => message.Event.Number).Order());
    }

    [Fact]
    public async Task Handled_messages_are_deleted_after_the_retention_time_and_dead_letters_are_not()
    {
        _script.OnSecond = (message, _) => message.Event.Name == "bad" || _script.Second.Count(one => one.Event.Name == "good") == 1
            ? throw new InvalidOperationException("Broken.")
            : Task.CompletedTask;
        await using var events = await new EventHost()
            .With("Events:MaxAttempts", "2").With("Events:RetentionHours", "2").StartAsync(_script.Register);
        await events.EnqueueAsync(new Happened("bad", 1), new Happened("good", 2));
        await events.SettledAsync();
        Assert.Equal(2, (await events.ReadMessagesAsync()).Count);
        Assert.Equal(2, await CountRecordsAsync(events));

        events.Time.Advance(TimeSpan.FromHours(3));
        await events.HoldsAsync(async () => (await events.ReadMessagesAsync()).Count == 1);

        Assert.Null(Assert.Single(await events.ReadMessagesAsync()).ProcessedAt);
        Assert.Equal(1, await CountRecordsAsync(events));
    }

    [Fact]
    public async Task Many_commits_wake_the_dispatcher_once()
    {
        using var signal = new EventSignal();
        Parallel.For(0, 10_000, _ => signal.Set());

        Assert.True(await signal.WaitAsync(TimeSpan.Zero, CancellationToken.None));
        Assert.False(await signal.WaitAsync(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task At_shutdown_a_handler_that_runs_may_end()
    {
        _script.OnFirst = (_, cancellationToken) => Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        await using var events = await new EventHost().StartAsync(_script.Register);
        await events.EnqueueAsync(new Happened("one", 1));
        await Eventually.HoldsAsync(() => _script.First.Count == 1);

        await events.Host.StopAsync();

        Assert.NotNull(Assert.Single(await events.ReadMessagesAsync()).ProcessedAt);
    }

    [Fact]
    public async Task A_failure_during_the_shutdown_counts_and_repeats_no_other_handler()
    {
        _script.OnSecond = async (_, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
            throw new InvalidOperationException("Broken.");
        };
        await using var events = await new EventHost().StartAsync(_script.Register);
        await events.EnqueueAsync(new Happened("one", 1));
        await Eventually.HoldsAsync(() => _script.Second.Count == 1);

        await events.Host.StopAsync();

        var message = Assert.Single(await events.ReadMessagesAsync());
        Assert.Equal((1, "SecondHandler: Broken."), (message.Attempts, message.LastError));
    }

    [Theory]
    [InlineData("Events:PollSeconds", "0")]
    [InlineData("Events:MaxAttempts", "many")]
    [InlineData("Events:RetentionHours", "-1")]
    [InlineData("Events:HandlerTimeoutSeconds", "0")]
    public async Task A_wrong_setting_stops_the_start(string setting, string value)
    {
        await using var events = new EventHost().With(setting, value);

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => events.StartAsync(_script.Register));

        Assert.StartsWith(
            setting.Replace(":", "__", StringComparison.Ordinal), Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private static Task<int> CountRecordsAsync(EventHost events) =>
        events.WithDatabaseAsync(db => db.Set<ProcessedMessage>().CountAsync());
}
