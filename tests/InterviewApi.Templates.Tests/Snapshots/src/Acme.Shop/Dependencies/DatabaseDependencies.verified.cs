@@ database=sqlite
using Microsoft.Data.Sqlite;
@@ always
using Microsoft.EntityFrameworkCore.Diagnostics;
@@ database=postgres
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
@@ always

namespace Acme.Shop.Dependencies;

@@ database=sqlite
/// <summary>EF Core on SQLite.</summary>
@@ database=postgres
/// <summary>EF Core on PostgreSQL.</summary>
@@ always
public static class DatabaseDependencies
{
@@ database=sqlite
    // How long a command waits for a lock, in seconds. The last value of a keyword wins, so the connection string can
    // override it.
    private const string Defaults = "Default Timeout=5;";
@@ database=postgres
    // In seconds; docs/postgres.md has the reason for each. Recurring statements are parsed and planned once per connection.
    // Nothing changes the state of a session, so a connection need not be reset for the next request.
    // The last value of a keyword wins, so the connection string can override these: a pooler that switches connections
    // between transactions needs Max Auto Prepare=0.
    private const string Defaults =
        "Timeout=5;Command Timeout=10;Connection Lifetime=1800;Connection Idle Lifetime=60;Keepalive=30;Max Auto Prepare=50;"
        + "No Reset On Close=true;";
@@ always

@@ database=sqlite
    /// <summary>Failed commands and connections are not logged as errors: the exception handler logs them once.</summary>
@@ database=postgres
    /// <summary>Each process has one connection pool. Failed commands are not logged as errors: the exception handler logs them.</summary>
@@ always
    public static void AddDatabase(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DatabaseOptions>().BindSection("ConnectionStrings");
@@ database=sqlite
        services.AddOptionsWithValidateOnStart<SqliteOptions>().BindSection("Sqlite");
        services.AddDbContextPool<AppDbContext>((provider, options) =>
@@ database=postgres
        services.AddSingleton(provider =>
@@ always
        {
@@ database=sqlite
            var database = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            var sqlite = provider.GetRequiredService<IOptions<SqliteOptions>>().Value;
            options.UseSqlite(Defaults + database.Database);
            options.AddInterceptors(new SqliteConnectionSettings(sqlite.Synchronous));
            options.LogTo(CommandSpans.IsEnabled, CommandSpans.Write);
@@ database=postgres
            var options = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
@@ always

@@ database=sqlite
            // Otherwise EF Core takes a second to notice a new listener.
            options.ConfigureLoggingCacheTime(TimeSpan.Zero);
            options.ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
@@ database=sqlite migrations=true
            options.ReplaceService<Microsoft.EntityFrameworkCore.Migrations.IHistoryRepository, MigrationLock>();
@@ database=postgres
            // Spans and metrics have this name; without one, they have the connection string.
            var builder = new NpgsqlDataSourceBuilder(Defaults + options.Database) { Name = "database" };
            builder.ConnectionStringBuilder.Password = options.DatabasePassword ?? builder.ConnectionStringBuilder.Password;
            return builder.Build();
@@ always
        });
@@ database=postgres
        services.AddDbContextPool<AppDbContext>((provider, options) => options
            .UseNpgsql(
                provider.GetRequiredService<NpgsqlDataSource>(),
                postgres => postgres.ExecutionStrategy(dependencies => new TransientFaultRetries(dependencies)))
            .ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug))));
        services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddSource("Npgsql"));
        services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter("Npgsql"));
@@ always
    }
}

/// <summary>The location of the database.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
@@ database=sqlite
    /// <value>A SQLite connection string. The folder, absolute or relative to the working folder, must exist.</value>
@@ database=postgres
    /// <value>An Npgsql connection string. All pools together must stay below <c>max_connections</c>.</value>
@@ always
    [Required]
    public string Database { get; set; } = "";
@@ database=postgres

    /// <value>The password, if the connection string has none.</value>
    public string? DatabasePassword { get; set; }
@@ always

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
@@ database=sqlite
        if (FindError() is { } error)
@@ database=postgres
        if (!IsWellFormed(Database))
@@ always
        {
@@ database=sqlite
            yield return new(error, [nameof(Database)]);
@@ database=postgres
            // Do not repeat the text itself: it may contain a password.
            yield return new ValidationResult("This is not a PostgreSQL connection string.", [nameof(Database)]);
@@ always
        }
    }

@@ database=sqlite
    // Do not repeat the connection string itself: it may contain a password.
    private string? FindError()
@@ database=postgres
    private static bool IsWellFormed(string connectionString)
@@ always
    {
@@ database=sqlite
        var settings = new SqliteConnectionStringBuilder();
@@ always
        try
        {
@@ database=sqlite
            settings.ConnectionString = Database;
@@ database=postgres
            // A data source opens no connection, but checks values that depend on each other, such as the pool sizes.
            using var source = NpgsqlDataSource.Create(connectionString);
            return new NpgsqlConnectionStringBuilder(connectionString) is { Host.Length: > 0, Port: > 0 and <= ushort.MaxValue };
@@ always
        }
@@ database=sqlite
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
@@ database=postgres
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
@@ always
        {
@@ database=sqlite
            return "This is not a SQLite connection string.";
@@ database=postgres
            return false;
@@ always
        }
@@ database=sqlite

        var file = settings.DataSource;
        var isUri = file.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        var isInMemory = settings.Mode == SqliteOpenMode.Memory || file.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
            || (isUri && file.Contains("mode=memory", StringComparison.OrdinalIgnoreCase));
        return file switch
        {
            "" => "This is not a SQLite connection string with a Data Source.",
            _ when isInMemory => "The database must be a file, such as Data Source=app.db: one in memory ends with its connection.",
            _ when isUri || file.StartsWith('|') => null,
            _ when Directory.Exists(file) => $"'{file}' is a folder; the database is a file in it.",
            _ when Path.GetDirectoryName(Path.GetFullPath(file)) is var folder && !Directory.Exists(folder) =>
                $"The folder '{folder}' does not exist.",
            _ => null,
        };
@@ always
    }
}
