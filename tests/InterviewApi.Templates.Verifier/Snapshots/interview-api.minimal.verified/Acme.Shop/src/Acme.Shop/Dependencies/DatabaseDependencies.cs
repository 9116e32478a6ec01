using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Dependencies;

/// <summary>EF Core on SQLite.</summary>
public static class DatabaseDependencies
{
    // The driver itself asks again for as long as a command may take. The last value of a keyword counts.
    private const string Defaults = "Default Timeout=5;";

    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddCheckedOptions<DatabaseOptions>(DatabaseOptions.Section);
        services.AddDbContextPool<AppDbContext>((provider, options) => options
            .UseSqlite(Defaults + provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Database)
            .AddInterceptors(new SqliteConnectionSettings()));
        return services;
    }
}
