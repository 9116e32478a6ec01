namespace Acme.Shop.Core.Files;

/// <summary>Where uploaded files are received and stored, and how large they may be.</summary>
public sealed class UploadOptions : IValidatableObject
{
    /// <value>
    /// A folder that all instances share unless files are stored elsewhere, which may be relative to the working folder.
    /// </value>
    [Required]
    public string Path { get; set; } = "uploads";

    /// <value>The maximum size of a file in bytes. The default is 10 MiB.</value>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <value>The maximum size of a request with several files, in bytes. The default is 50 MiB.</value>
    [Range(1, int.MaxValue)]
    public int MaxRequestBytes { get; set; } = 50 * 1024 * 1024;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxRequestBytes < MaxBytes)
        {
            yield return new("A request must not be smaller than a file, which Uploads__MaxBytes limits.", [nameof(MaxRequestBytes)]);
        }
    }
}

/// <summary>The store does not answer, or refuses. The response is 503.</summary>
public sealed class FileStoreException(Exception inner)
    : BadHttpRequestException("The file store is unavailable.", StatusCodes.Status503ServiceUnavailable, inner);

/// <summary>
/// Stores uploaded files under names that <see cref="FileNames.Create"/> chooses. A file is stored once and does not
/// change. All instances share the store.
/// </summary>
public interface IFileStore
{
    /// <summary>Stores a file that was received completely.</summary>
    /// <exception cref="FileStoreException">The file may be stored or not.</exception>
    Task StoreAsync(TemporaryFile file, string name, CancellationToken cancellationToken);

    /// <returns>A stream that can seek, or null if the file does not exist.</returns>
    /// <exception cref="FileStoreException">The store is unavailable.</exception>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes an unused file. A failure is logged; it only leaves the file to the next sweep.</summary>
    Task DeleteAsync(string? name);

    /// <summary>Lists the names in the store, those of other files included.</summary>
    /// <exception cref="FileStoreException">The store is unavailable.</exception>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken);

    /// <summary>Asks the store for an answer.</summary>
    /// <exception cref="FileStoreException">The store is unavailable.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
