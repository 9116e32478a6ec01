using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace InterviewApi.Dependencies;

/// <summary>EF Core on PostgreSQL.</summary>
public static class DatabaseDependencies
{
    // In seconds; docs/postgres.md has the reason for each. Recurring statements are parsed and planned once per connection.
    // Nothing changes the state of a session, so a connection need not be reset for the next request.
    // The last value of a keyword wins, so the connection string can override these: a pooler that switches connections
    // between transactions needs Max Auto Prepare=0.
    private const string Defaults =
        "Timeout=5;Command Timeout=10;Connection Lifetime=1800;Connection Idle Lifetime=60;Keepalive=30;Max Auto Prepare=50;"
        + "No Reset On Close=true;";

    /// <summary>Each process has one connection pool. Failed commands are not logged as errors: the exception handler logs them.</summary>
    public static void AddDatabase(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DatabaseOptions>().BindSection("ConnectionStrings");
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;

            // Spans and metrics have this name; without one, they have the connection string.
            var builder = new NpgsqlDataSourceBuilder(Defaults + options.Database) { Name = "database" };
            builder.ConnectionStringBuilder.Password = options.DatabasePassword ?? builder.ConnectionStringBuilder.Password;
            return builder.Build();
        });
        services.AddDbContextPool<AppDbContext>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                postgres => postgres.ExecutionStrategy(dependencies => new TransientFaultRetries(dependencies)))
            .ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug))));
        services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddSource("Npgsql"));
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter("Npgsql"));
    }
}

/// <summary>The location of the database.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    /// <value>An Npgsql connection string. All pools together must stay below <c>max_connections</c>.</value>
    [Required]
    public string Database { get; set; } = "";

    /// <value>The password, if the connection string has none.</value>
    public string? DatabasePassword { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsWellFormed(Database))
        {
            // Do not repeat the text itself: it may contain a password.
            yield return new ValidationResult("This is not a PostgreSQL connection string.", [nameof(Database)]);
        }
    }

    private static bool IsWellFormed(string connectionString)
    {
        try
        {
            // A data source opens no connection, but checks values that depend on each other, such as the pool sizes.
            using var source = NpgsqlDataSource.Create(connectionString);
            return new NpgsqlConnectionStringBuilder(connectionString) is { Host.Length: > 0, Port: > 0 and <= ushort.MaxValue };
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
