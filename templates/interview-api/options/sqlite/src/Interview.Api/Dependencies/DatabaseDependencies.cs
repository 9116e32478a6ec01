using System.ComponentModel.DataAnnotations;
using InterviewApi.Core.Configuration;
using InterviewApi.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace InterviewApi.Dependencies;

/// <summary>EF Core on SQLite.</summary>
public static class DatabaseDependencies
{
    // How long a command waits for a lock, in seconds. The last value of a keyword wins, so the connection string can
    // override it.
    private const string Defaults = "Default Timeout=5;";

    /// <summary>
    /// Failed commands and connections are not logged as errors: the exception handler logs them once.
    /// </summary>
    public static IServiceCollection AddDatabase(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DatabaseOptions>().BindSection(DatabaseOptions.Section);
        services.AddOptionsWithValidateOnStart<SqliteOptions>().BindSection(SqliteOptions.Section);
        services.AddDbContextPool<AppDbContext>((provider, options) =>
        {
            var database = provider.GetRequiredService<IOptions<DatabaseOptions>>().Value;
            var sqlite = provider.GetRequiredService<IOptions<SqliteOptions>>().Value;
            options.UseSqlite(Defaults + database.Database);
            options.AddInterceptors(new SqliteConnectionSettings(sqlite.Synchronous));
            options.LogTo(CommandSpans.IsEnabled, CommandSpans.Write);
            options.ConfigureWarnings(warnings => warnings.Log(
                (RelationalEventId.CommandError, LogLevel.Debug),
                (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
#if (UseMigrations)
            options.ReplaceService<Microsoft.EntityFrameworkCore.Migrations.IHistoryRepository, MigrationLock>();
#endif
        });
        return services;
    }
}

/// <summary>The location of the database.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    public const string Section = "ConnectionStrings";

    /// <value>A SQLite connection string. The folder, absolute or relative to the working folder, must exist.</value>
    [Required]
    public string Database { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FindError() is { } error)
        {
            yield return new ValidationResult(error, [nameof(Database)]);
        }
    }

    // Do not repeat the connection string itself: it may contain a password.
    private string? FindError()
    {
        SqliteConnectionStringBuilder settings;
        try
        {
            settings = new SqliteConnectionStringBuilder(Database);
        }
        catch (ArgumentException)
        {
            return "This is not a SQLite connection string.";
        }

        var file = settings.DataSource;
        if (file.Length == 0)
        {
            return "This is not a SQLite connection string with a Data Source.";
        }

        var isUri = file.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        if (settings.Mode == SqliteOpenMode.Memory || file.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
            || (isUri && file.Contains("mode=memory", StringComparison.OrdinalIgnoreCase)))
        {
            return "The database must be a file, such as Data Source=app.db: one in memory ends with its connection.";
        }

        if (isUri || file.StartsWith('|'))
        {
            return null;
        }

        if (Directory.Exists(file))
        {
            return $"'{file}' is a folder; the database is a file in it.";
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(file));
        return Directory.Exists(folder) ? null : $"The folder '{folder}' does not exist.";
    }
}
