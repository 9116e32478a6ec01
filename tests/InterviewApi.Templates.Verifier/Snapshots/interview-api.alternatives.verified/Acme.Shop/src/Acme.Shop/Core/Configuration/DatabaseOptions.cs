using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Acme.Shop.Core.Configuration;

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
