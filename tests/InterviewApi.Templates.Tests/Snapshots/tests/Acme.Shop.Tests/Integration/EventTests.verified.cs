using System.Collections.Concurrent;
using System.Diagnostics;
using Acme.Shop.Core.Data;
using Acme.Shop.Core.Events;
using Acme.Shop.Dependencies;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Acme.Shop.Tests.Integration;

public sealed class EventTests
{
    private readonly Script _script = new();

    [Fact]
    public async Task A_change_that_is_rolled_back_leaves_no_event()
    {
        await using var events = await new EventHost().StartAsync(_script.Register);
        await using var scope = events.Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            scope.ServiceProvider.GetRequiredService<Outbox>().Enqueue(new Happened("one", 1));
            await db.SaveChangesAsync();
            await transaction.RollbackAsync();
        });
        await events.EnqueueAsync(new Happened("one", 2));

        await events.SettledAsync();

        Assert.Equal(2, Assert.Single(_script.First).Event.Number);
    }

    [Fact]
    public async Task A_commit_wakes_the_dispatcher_of_the_same_process()
    {
        await using var events = await new EventHost().With("Events:PollSeconds", "3600").StartAsync(_script.Register);
        await events.EnqueueAsync(new Happened("warm", 1));
        await Eventually.HoldsAsync(() => _script.First.Count == 1);
        await Task.Delay(TimeSpan.FromMilliseconds(100));

        var started = Stopwatch.GetTimestamp();
        await events.EnqueueAsync(new Happened("next", 2));
        await Eventually.HoldsAsync(() => _script.First.Count == 2);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_handler_that_fails_three_times_is_called_again_and_the_other_one_is_not()
    {
        _script.OnFirst = (_, _) => _script.First.Count <= 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;
        await using var events = await new EventHost().StartAsync(_script.Register);

        await events.EnqueueAsync(new Happened("one", 1));
        await events.SettledAsync();

        Assert.Equal(4, _script.First.Count);
        Assert.Single(_script.First.Select(message => message.Id).Distinct());
        Assert.Single(_script.Second);
        var message = Assert.Single(await events.ReadMessagesAsync());
        Assert.NotNull(message.ProcessedAt);
        Assert.Equal(4, message.Attempts);
        Assert.Equal(3, events.Log.Lines.Count(line => line.Message.Contains("FirstHandler failed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_dead_letter_is_kept_and_logged_and_can_be_replayed_and_disturbs_no_other_event()
    {
        // Not every database stores a NUL or half of a surrogate pair.
        var error = "Broken.\0\r\n" + string.Concat(Enumerable.Repeat("\U0001F600", 1000));
        var isBroken = true;
        _script.OnFirst = (message, _) =>
            isBroken && message.Event.Name == "bad" ? throw new InvalidOperationException(error) : Task.CompletedTask;
        await using var events = await new EventHost().With("Events:MaxAttempts", "3").StartAsync(_script.Register);

        await events.EnqueueAsync(new Happened("bad", 1), new Happened("good", 2), new Happened("bad", 3), new Happened("good", 4));
        await events.SettledAsync();

        var messages = await events.ReadMessagesAsync();
        Assert.Equal([false, true, false, true], messages.Select(message => message.ProcessedAt is not null));
        Assert.Contains(
            events.Log.Lines, line => line.Level == LogLevel.Error && line.Message.Contains($"{messages[0].Id}", StringComparison.Ordinal));
        var (listed, list) = await events.RunVerbAsync("list");
        Assert.True(listed);
        Assert.Contains($"dead {messages[0].Id} test.happened test:bad", list, StringComparison.Ordinal);
        Assert.Contains("Broken.\n", list.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        isBroken = false;
        Assert.False((await events.RunVerbAsync("replay", $"{messages[1].Id}")).Succeeded);
        Assert.False((await events.RunVerbAsync("nonsense")).Succeeded);
        Assert.True((await events.RunVerbAsync("replay", $"{messages[0].Id}")).Succeeded);
        await events.SettledAsync();
        Assert.NotNull((await events.ReadMessagesAsync())[0].ProcessedAt);
        Assert.True((await events.RunVerbAsync("replay")).Succeeded);
        await events.SettledAsync();
        Assert.All(await events.ReadMessagesAsync(), message => Assert.NotNull(message.ProcessedAt));
        Assert.Equal(4, _script.Second.Count);
    }

    [Fact]
    public async Task A_handler_that_never_ends_is_abandoned_and_delays_no_other_event()
    {
        _script.OnFirst = (message, _) =>
            message.Event.Name == "stuck" && _script.First.Count(one => one.Event.Name == "stuck") == 1
                ? new TaskCompletionSource().Task
                : Task.CompletedTask;
        await using var events = await new EventHost().With("Events:HandlerTimeoutSeconds", "2").StartAsync(_script.Register);

        await events.EnqueueAsync(new Happened("stuck", 1), new Happened("other", 2));
        await Eventually.HoldsAsync(() => _script.Second.Count == 2);

        Assert.Contains(_script.First, message => message.Event.Name == "other");
        await Eventually.HoldsAsync(() =>
            events.Log.Lines.Any(line => line.Message.Contains("FirstHandler failed", StringComparison.Ordinal)));
        await events.SettledAsync();
        Assert.All(await events.ReadMessagesAsync(), message => Assert.NotNull(message.ProcessedAt));
    }

    [Fact]
    public async Task Events_of_one_aggregate_stay_in_order_even_if_one_of_them_fails()
    {
        var handled = new ConcurrentQueue<Happened>();
        var attempts = 0;
        _script.OnFirst = async (message, cancellationToken) =>
        {
            await Task.Delay(Random.Shared.Next(5), cancellationToken);
            if (message.Event is { Name: "a", Number: 3 } && ++attempts < 3)
            {
                throw new InvalidOperationException("Again.");
            }

            handled.Enqueue(message.Event);
        };
        await using var events = await new EventHost().StartAsync(_script.Register);

        await events.EnqueueAsync(
            [.. Enumerable.Range(1, 10).SelectMany(number => new[] { new Happened("a", number), new Happened("b", number) })]);
        await events.SettledAsync();

        Assert.Equal(Enumerable.Range(1, 10), handled.Where(one => one.Name == "a").Select(one => one.Number));
        Assert.Equal(Enumerable.Range(1, 10), handled.Where(one => one.Name == "b").Select(one => one.Number));
    }

    [Fact]
    public async Task A_handler_with_the_record_of_its_messages_takes_effect_once()
    {
        await using var events = await new EventHost().StartAsync(services => services
            .AddSingleton(_script)
            .AddEventHandler<Happened, OnceHandler>());

        await events.EnqueueAsync(new Happened("one", 1));
        await events.SettledAsync();

        // As after a restore of the database, or a message that was sent twice.
        await events.WithDatabaseAsync(db => db.Set<OutboxMessage>()
            .Where(message => message.Type == Happened.Type)
            .ExecuteUpdateAsync(set => set
                .SetProperty(message => message.NextAttemptAt, DateTimeOffset.UnixEpoch)
                .SetProperty(message => message.ProcessedAt, (DateTimeOffset?)null)
                .SetProperty(message => message.LastError, (string?)null)
                .SetProperty(message => message.Attempts, 0)));
        await events.SettledAsync();

        Assert.Equal(2, _script.First.Count);
        Assert.Single(await events.ReadMessagesAsync(), message => message.Type == Effect.Type);
    }

    [Fact]
    public async Task A_message_that_an_instance_claimed_before_it_crashed_is_handled_by_another_one()
    {
        await using var events = await new EventHost().StartAsync(_script.Register);
        var claimed = await events.AddClaimedAsync(new Happened("one", 1));
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Empty(_script.First);

        await events.SettledAsync();

        Assert.Equal(claimed.Id, Assert.Single(_script.First).Id);
    }

    private sealed record Effect(Guid Cause) : IEvent
    {
        public static string Type => "test.effect";

        public string Aggregate => "effect";
    }

    /// <summary>Fails once after its change was committed.</summary>
    private sealed class OnceHandler(Script script, ProcessedMessages processed, Outbox outbox, AppDbContext db) : IHandler<Happened>
    {
        public async Task HandleAsync(EventMessage<Happened> message, CancellationToken cancellationToken)
        {
            script.First.Enqueue(message);
            if (await processed.TryBeginAsync<OnceHandler>(message.Id, cancellationToken))
            {
                outbox.Enqueue(new Effect(message.Id));
                await db.SaveChangesAsync(cancellationToken);
            }

            if (script.First.Count == 1)
            {
                throw new InvalidOperationException("After the commit.");
            }
        }
    }
}
