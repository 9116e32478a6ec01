using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Dependencies;

/// <summary>EF Core on PostgreSQL.</summary>
public static class DatabaseDependencies
{
    private const int MaxRetries = 3;

    /// <summary>
    /// Connections come from the driver's pool, one for each process. Commands that fail for a passing reason, such as
    /// a failover, are repeated up to three times.
    /// </summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddCheckedOptions<DatabaseOptions>(DatabaseOptions.Section);
        services.AddDbContextPool<AppDbContext>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Database,
                postgres => postgres.EnableRetryOnFailure(MaxRetries)));
        return services;
    }
}
