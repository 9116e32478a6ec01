namespace InterviewApi.Dependencies;

/// <summary>Redis.</summary>
public static class RedisDependencies
{
    /// <summary>A cache.</summary>
    public static void AddRedis(this WebApplicationBuilder builder) => builder.Services.AddDistributedMemoryCache();
}
