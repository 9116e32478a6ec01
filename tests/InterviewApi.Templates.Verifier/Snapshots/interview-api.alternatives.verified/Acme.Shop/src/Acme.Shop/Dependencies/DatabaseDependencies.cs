using System.ComponentModel.DataAnnotations;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Acme.Shop.Dependencies;

/// <summary>EF Core on PostgreSQL.</summary>
public static class DatabaseDependencies
{
    // Connecting and each command end, in seconds, well before the time limit of a request. Statements that recur are
    // parsed and planned once per connection. The last value of a keyword counts, so the connection string can change
    // these: a pooler that changes connections between transactions needs Max Auto Prepare=0.
    private const string Defaults = "Timeout=10;Command Timeout=10;Max Auto Prepare=50;";

    /// <summary>
    /// Connections come from the driver's pool, one for each process. A failed command is not logged as an error by
    /// itself: whoever handles the exception logs it once, and the first migration queries a table that does not exist yet.
    /// </summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DatabaseOptions>().BindSection(DatabaseOptions.Section);
        services.AddDbContextPool<AppDbContext>((provider, options) => options
            .UseNpgsql(
                Defaults + provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Database,
                postgres => postgres.ExecutionStrategy(dependencies => new TransientFaultRetries(dependencies)))
            .ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandError, LogLevel.Debug),
                (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug))));
        return services;
    }
}

/// <summary>Where the database is.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    public const string Section = "ConnectionStrings";

    /// <value>An Npgsql connection string. <c>Maximum Pool Size</c> times the number of instances has to stay below the server's <c>max_connections</c>.</value>
    [Required]
    public string Database { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsWellFormed(Database))
        {
            // The text itself is not repeated: it may hold a password.
            yield return new ValidationResult("This is not a PostgreSQL connection string.", [nameof(Database)]);
        }
    }

    private static bool IsWellFormed(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
