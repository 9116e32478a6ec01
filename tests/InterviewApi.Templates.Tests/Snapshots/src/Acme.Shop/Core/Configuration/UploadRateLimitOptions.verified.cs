using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>How many uploads and exports a user may make within the window.</summary>
public sealed class UploadRateLimitOptions
{
    public const string Section = $"{RateLimitOptions.Section}:Upload";
    public const string Policy = "upload";

    /// <value>The default is 10.</value>
    [Range(1, int.MaxValue)]
    public int PermitLimit { get; set; } = 10;
}
