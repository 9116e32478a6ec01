using System.ComponentModel.DataAnnotations;
using Microsoft.Data.Sqlite;

namespace Acme.Shop.Core.Configuration;

/// <summary>Where the database is.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    public const string Section = "ConnectionStrings";

    /// <value>A SQLite connection string. A relative path is relative to the working folder.</value>
    [Required]
    public string Database { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsWellFormed(Database))
        {
            // The text itself is not repeated: it may hold a password.
            yield return new ValidationResult("This is not a SQLite connection string.", [nameof(Database)]);
        }
    }

    private static bool IsWellFormed(string connectionString)
    {
        try
        {
            return new SqliteConnectionStringBuilder(connectionString).DataSource.Length > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
