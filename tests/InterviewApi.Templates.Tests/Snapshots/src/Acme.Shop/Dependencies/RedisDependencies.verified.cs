using Acme.Shop.Core.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Acme.Shop.Dependencies;

/// <summary>The Redis server, or the servers of a cluster.</summary>
public sealed class RedisOptions : IValidatableObject
{
    /// <value>A StackExchange.Redis connection string.</value>
    // Its channelPrefix precedes each key and channel, so that applications can share a server; the default is acme-shop:.
    [Required]
    public string Redis { get; set; } = "";

    /// <value>The password, if the connection string has none.</value>
    public string? RedisPassword { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Do not repeat the text in a message: it may contain a password.
        if (Redis.Contains("://", StringComparison.Ordinal))
        {
            yield return new("A URL is not supported. Write host:port,user=…,password=…,ssl=true instead.", [nameof(Redis)]);
        }
        else if (!IsWellFormed(Redis))
        {
            yield return new("This is not a Redis connection string.", [nameof(Redis)]);
        }
    }

    private static bool IsWellFormed(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>The connection to Redis.</summary>
public static class RedisDependencies
{
    public static void AddRedis(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RedisOptions>().BindSection("ConnectionStrings");
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<RedisConnection>(
            provider, Configure(provider.GetRequiredService<IOptions<RedisOptions>>().Value)));
        services.AddHealthChecks().AddCheck<RedisHealthCheck>(
            "redis", HealthStatus.Degraded, tags: [], timeout: TimeSpan.FromSeconds(2));
    }

    private static ConfigurationOptions Configure(RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Redis);
        configuration.Password = options.RedisPassword ?? configuration.Password;
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = (int)RedisConnection.Timeout.TotalMilliseconds;
        configuration.AsyncTimeout = RedisConnection.MaxTimeouts * configuration.ConnectTimeout;
        configuration.ReconnectRetryPolicy = new LinearRetry((int)RedisConnection.RetryInterval.TotalMilliseconds);
        configuration.KeepAlive = 5;

        // Without a connection, a command fails immediately instead of waiting for one.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        if (string.IsNullOrEmpty(configuration.ChannelPrefix))
        {
            configuration.ChannelPrefix = RedisChannel.Literal("acme-shop:");
        }

        return configuration;
    }

    /// <summary>Degraded while Redis does not answer or does not accept writes: the API works without it.</summary>
    private sealed class RedisHealthCheck(RedisConnection redis) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var reply = await redis.TryAsync(
                redis.Key("health"), static (database, key) => database.StringSetAsync(key, "", RedisConnection.Timeout));
            return reply.IsAnswered ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus);
        }
    }
}
