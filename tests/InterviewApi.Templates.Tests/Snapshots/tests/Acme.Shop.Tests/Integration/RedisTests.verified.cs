using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Acme.Shop.Core.Redis;
using Acme.Shop.Dependencies;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Acme.Shop.Tests.Integration;

public sealed class RedisTests
{
    [Fact]
    public async Task An_instance_with_Redis_is_healthy()
    {
        await using var api = new ApiFactory();

        Assert.Equal((HttpStatusCode.OK, "Healthy", "Healthy"), await ReadinessAsync(api));
    }

    [Fact]
    public async Task An_instance_without_Redis_is_degraded_and_ready()
    {
        await using var api = new ApiFactory().With("ConnectionStrings:Redis", TestRedis.Nowhere);

        Assert.Equal((HttpStatusCode.OK, "Degraded", "Degraded"), await ReadinessAsync(api));
    }

    [Fact]
    public async Task The_password_may_be_apart_from_the_connection_string()
    {
        var server = TestRedis.NewConnectionString();
        var user = $"user-{Guid.NewGuid():N}";
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{server},allowAdmin=true");
        await redis.GetDatabase().ExecuteAsync("ACL", "SETUSER", user, "on", ">of,a,file", "~*", "&*", "+@all");
        await using var api = new ApiFactory()
            .With("ConnectionStrings:Redis", $"{server},user={user}")
            .With("ConnectionStrings:RedisPassword", "of,a,file");

        Assert.Equal((HttpStatusCode.OK, "Healthy", "Healthy"), await ReadinessAsync(api));
        await redis.GetDatabase().ExecuteAsync("ACL", "DELUSER", user);
    }

    [Fact]
    public async Task An_instance_whose_Redis_reads_and_does_not_write_is_degraded_and_ready()
    {
        using var server = await ConnectionMultiplexer.ConnectAsync(TestRedis.NewConnectionString());
        var reader = $"reader-{Guid.NewGuid():N}";
        await server.GetDatabase().ExecuteAsync("ACL", "SETUSER", reader, "on", ">secret", "~*", "&*", "+@all", "-@write");
        try
        {
            await using var api = new ApiFactory()
                .With("ConnectionStrings:Redis", $"{TestRedis.NewConnectionString()},user={reader},password=secret");

            Assert.Equal((HttpStatusCode.OK, "Degraded", "Degraded"), await ReadinessAsync(api));
        }
        finally
        {
            await server.GetDatabase().ExecuteAsync("ACL", "DELUSER", reader);
        }
    }

    [Fact]
    public async Task What_failed_when_Redis_recovered_is_tried_again()
    {
        var calls = 0;
        var succeeded = new TaskCompletionSource();
        using var redis = new RedisConnection(
            ConfigurationOptions.Parse(TestRedis.NewConnectionString()), NullLogger<RedisConnection>.Instance);
        redis.OnRecovered = async () =>
        {
            await Task.Yield();
            if (++calls == 1)
            {
                throw new TimeoutException();
            }

            succeeded.SetResult();
        };

        await redis.TryAsync(0, (_, _) => Task.FromException<int>(new TimeoutException()));

        await succeeded.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("redis://user:secret@redis.example.com:6379/0", "host:port")]
    [InlineData("rediss://redis.example.com", "host:port")]
    [InlineData("", "required")]
    [InlineData("redis.example.com,nonsense=1", "connection string")]
    public void A_connection_string_that_is_not_understood_is_reported_and_not_repeated(string text, string message)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration["ConnectionStrings:Redis"] = text;
        builder.Services.AddRedis();
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(
            provider.GetRequiredService<IStartupValidator>().Validate);

        var failure = Assert.Single(exception.Failures);
        Assert.StartsWith("ConnectionStrings__Redis: ", failure, StringComparison.Ordinal);
        Assert.Contains(message, failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Code, string? Status, string? Redis)> ReadinessAsync(ApiFactory api)
    {
        await api.InitializeAsync();
        var response = await api.CreateClient().GetAsync("/health/ready");
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (
            response.StatusCode,
            report.GetProperty("status").GetString(),
            report.GetProperty("checks").GetProperty("redis").GetString());
    }
}
