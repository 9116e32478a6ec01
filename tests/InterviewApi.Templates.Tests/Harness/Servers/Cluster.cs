using System.Net;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Instances of the API with every option on, on one database and one Redis of their own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly List<ServerInstance> _instances = [];

    private Cluster(RestartableRedis redis) => Redis = redis;

    public RestartableRedis Redis { get; }

    public IReadOnlyList<ServerInstance> Instances => _instances;

    /// <summary>Starts Redis, then one instance after the other; the first one makes the tables.</summary>
    public static async Task<Cluster> StartAsync(int instances, params (string Name, string Value)[] settings)
    {
        var redis = new RestartableRedis();
        await redis.StartAsync();

        return await StartAsync(redis, instances, settings);
    }

    /// <summary>Starts one instance after the other on a Redis that is running.</summary>
    public static async Task<Cluster> StartAsync(RestartableRedis redis, int instances, params (string Name, string Value)[] settings)
    {
        var cluster = new Cluster(redis);
        var database = await PostgresDatabase.CreateAsync();
        for (var i = 0; i < instances; i++)
        {
            cluster._instances.Add(await ServerInstance.StartAsync(
                await ServerApplication.OnPostgresAsync(),
                [
                    ("ConnectionStrings__Database", database.ConnectionString),
                    ("ConnectionStrings__Redis", cluster.Redis.ConnectionString), .. settings]));
        }

        return cluster;
    }

    /// <summary>How each instance says that it is.</summary>
    public async Task<bool> AreAllAsync(string status)
    {
        foreach (var instance in _instances)
        {
            using var response = await instance.Client.GetAsync("/health/ready");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            if (!(await response.Content.ReadAsStringAsync()).Contains($"\"status\":\"{status}\"", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        await Redis.DisposeAsync();
    }
}
