using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Dependencies;

/// <summary>The limit <c>upload</c> for the uploads and exports that a user may start within the window.</summary>
public sealed class UploadRateLimitOptions
{
    /// <value>The default is 10.</value>
    [Range(1, int.MaxValue)]
    public int PermitLimit { get; set; } = 10;
}

public static class UploadRateLimit
{
    public static void AddUploadRateLimit(this IServiceCollection services) => services
        .AddRateLimitPolicy<UploadRateLimitOptions>("upload", $"{RateLimitOptions.Section}:Upload", limits => limits.PermitLimit);
}
