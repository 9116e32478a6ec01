using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Dependencies;

/// <summary>EF Core on PostgreSQL.</summary>
public static class DatabaseDependencies
{
    private const int MaxRetries = 3;

    // Statements that come again are parsed and planned once for each connection. The last value of a keyword counts, so
    // the connection string can turn this off: a pooler that changes connections between transactions may need that.
    private const string Defaults = "Max Auto Prepare=50;";

    /// <summary>
    /// Connections come from the driver's pool, one for each process. Commands that fail for a passing reason, such as
    /// a failover, are repeated up to three times; one whose commit was done and whose answer was lost is done twice, so
    /// what must not be needs a key of its own to tell. A command that fails is no error in the log by itself: whoever handles
    /// the exception says so once, and the first migration asks for a table that is not there yet.
    /// </summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddCheckedOptions<DatabaseOptions>(DatabaseOptions.Section);
        services.AddDbContextPool<AppDbContext>((provider, options) => options
            .UseNpgsql(
                Defaults + provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Database,
                postgres => postgres.EnableRetryOnFailure(MaxRetries))
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandError, LogLevel.Debug))));
        return services;
    }
}
