using System.Text.Json;
using Acme.Shop.Core.Redis;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Acme.Shop.Tests.Integration;

public sealed class EventStreamTests
{
    private readonly Script _script = new();

    [Fact]
    public async Task What_is_handled_leaves_the_stream()
    {
        await using var events = await new EventHost().StartAsync(_script.Register);

        await events.EnqueueAsync([.. Enumerable.Range(0, 20).Select(number => new Happened($"{number}", number))]);
        await events.SettledAsync();

        var (redis, database) = await ConnectAsync(events);
        await events.HoldsAsync(async () => await database.StreamLengthAsync(redis.Key("{events}:stream")) == 0);
        Assert.Equal(0, (await database.StreamPendingAsync(redis.Key("{events}:stream"), "handlers")).PendingMessageCount);
        Assert.Equal(20, _script.First.Count);
    }

    [Fact]
    public async Task While_Redis_is_unavailable_the_outbox_keeps_everything()
    {
        await using var database = new TestDatabase();
        await using (var without = new EventHost(database))
        {
            without.With("ConnectionStrings:Redis", TestRedis.Nowhere);
            await without.StartAsync(_script.Register);
            await without.EnqueueAsync(new Happened("one", 1), new Happened("one", 2));
            await Task.Delay(TimeSpan.FromSeconds(3));
            Assert.All(await without.ReadMessagesAsync(), message => Assert.NotNull(message.NextAttemptAt));
            Assert.Empty(_script.First);
        }

        await using var events = await new EventHost(database).StartAsync(_script.Register);
        await events.SettledAsync();

        Assert.Equal([1, 2], _script.First.Select(message => message.Event.Number));
    }

    [Fact]
    public async Task What_Redis_loses_is_added_again()
    {
        var release = new TaskCompletionSource();
        _script.OnFirst = (_, _) => _script.First.Count == 1 ? release.Task : Task.CompletedTask;
        await using var events = await new EventHost().With("Events:HandlerTimeoutSeconds", "2").StartAsync(_script.Register);
        var (redis, database) = await ConnectAsync(events);
        await events.EnqueueAsync(new Happened("one", 1), new Happened("one", 2));
        await events.HoldsAsync(() => _script.First.Count == 1);

        var server = database.Multiplexer.GetServers()[0];
        await foreach (var key in server.KeysAsync(pattern: $"{redis.Key("{events}")}*"))
        {
            await database.KeyDeleteAsync(key);
        }

        release.SetResult();
        await events.SettledAsync();

        Assert.All(await events.ReadMessagesAsync(), message => Assert.NotNull(message.ProcessedAt));
        Assert.Equal([1, 2], _script.First.Select(message => message.Event.Number).Distinct());
    }

    [Fact]
    public async Task What_an_instance_received_before_it_crashed_is_taken_over()
    {
        await using var events = await new EventHost().With("Events:PollSeconds", "3600").StartAsync(_script.Register);
        var (redis, database) = await ConnectAsync(events);
        await events.EnqueueAsync(new Happened("warm", 1));
        await events.SettledAsync();
        var stream = redis.Key("{events}:stream");

        // The crashed instance is a consumer that receives the next message before this one can, and does nothing.
        var message = JsonSerializer.Serialize(await events.AddClaimedAsync(new Happened("next", 2)));
        var crash = database.CreateTransaction();
        _ = crash.StreamAddAsync(stream, "message", message);
        var received = crash.StreamReadGroupAsync(stream, "handlers", "crashed", StreamPosition.NewMessages);
        await crash.ExecuteAsync();
        var entry = Assert.Single(await received);
        await database.ExecuteAsync("XCLAIM", stream, "handlers", "crashed", "0", entry.Id, "IDLE", "86400000");

        await events.SettledAsync();

        Assert.Contains(_script.First, message => message.Event.Name == "next");
        await events.HoldsAsync(async () => await database.StreamLengthAsync(stream) == 0);
    }

    [Fact]
    public async Task A_dead_letter_is_in_a_stream_of_its_own_too()
    {
        _script.OnFirst = (_, _) => throw new InvalidOperationException("Broken.");
        await using var events = await new EventHost().With("Events:MaxAttempts", "2").StartAsync(_script.Register);
        var (redis, database) = await ConnectAsync(events);

        await events.EnqueueAsync(new Happened("bad", 1));
        await events.SettledAsync();

        await events.HoldsAsync(async () => await database.StreamLengthAsync(redis.Key("{events}:dead")) == 1);
    }

    private static async Task<(RedisConnection Redis, IDatabase Database)> ConnectAsync(EventHost events)
    {
        var redis = events.Host.Services.GetRequiredService<RedisConnection>();
        return (redis, (await redis.ConnectAsync()).GetDatabase());
    }
}
