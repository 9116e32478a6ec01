using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace InterviewApi.Dependencies;

/// <summary>EF Core on SQLite.</summary>
public static class DatabaseDependencies
{
    // How long a command waits for a lock, in seconds. The last value of a keyword wins, so the connection string can
    // override it.
    private const string Defaults = "Default Timeout=5;";

    /// <summary>Failed commands and connections are not logged as errors: the exception handler logs them once.</summary>
    public static void AddDatabase(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DatabaseOptions>().BindSection("ConnectionStrings");
        services.AddOptionsWithValidateOnStart<SqliteOptions>().BindSection("Sqlite");
        services.AddDbContextPool<AppDbContext>((provider, options) =>
        {
            var database = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            var sqlite = provider.GetRequiredService<IOptions<SqliteOptions>>().Value;
            options.UseSqlite(Defaults + database.Database);
            options.AddInterceptors(new SqliteConnectionSettings(sqlite.Synchronous));
            options.LogTo(CommandSpans.IsEnabled, CommandSpans.Write);

            // Otherwise EF Core takes a second to notice a new listener.
            options.ConfigureLoggingCacheTime(TimeSpan.Zero);
            options.ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
#if (UseMigrations)
            options.ReplaceService<Microsoft.EntityFrameworkCore.Migrations.IHistoryRepository, MigrationLock>();
#endif
        });
    }
}

/// <summary>The location of the database.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    /// <value>A SQLite connection string. The folder, absolute or relative to the working folder, must exist.</value>
    [Required]
    public string Database { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FindError() is { } error)
        {
            yield return new(error, [nameof(Database)]);
        }
    }

    // Do not repeat the connection string itself: it may contain a password.
    private string? FindError()
    {
        var settings = new SqliteConnectionStringBuilder();
        try
        {
            settings.ConnectionString = Database;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return "This is not a SQLite connection string.";
        }

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
    }
}
