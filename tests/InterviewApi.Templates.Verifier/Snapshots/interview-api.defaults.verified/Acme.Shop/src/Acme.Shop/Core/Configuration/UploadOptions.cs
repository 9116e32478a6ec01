using System.ComponentModel.DataAnnotations;

namespace Acme.Shop.Core.Configuration;

/// <summary>Where uploaded images are kept, and how large they may be.</summary>
public sealed class UploadOptions
{
    public const string Section = "Uploads";

    /// <value>A folder that all instances share. A relative path is relative to the working folder. The default is uploads.</value>
    [Required]
    public string Path { get; set; } = "uploads";

    /// <value>The largest image in bytes. The default is 10 MiB.</value>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 10 * 1024 * 1024;
}
