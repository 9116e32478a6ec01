using System.ComponentModel.DataAnnotations;
using StackExchange.Redis;

namespace Acme.Shop.Core.Configuration;

/// <summary>Where Redis is.</summary>
public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "ConnectionStrings";

    /// <value>
    /// A StackExchange.Redis connection string. Its <c>channelPrefix</c> is put before the name of each key and channel,
    /// so that applications can share a server; the default is <c>acme-shop:</c>.
    /// </value>
    [Required]
    public string Redis { get; set; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsWellFormed(Redis))
        {
            // The text itself is not repeated: it may hold a password.
            yield return new ValidationResult("This is not a Redis connection string.", [nameof(Redis)]);
        }
    }

    private static bool IsWellFormed(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
