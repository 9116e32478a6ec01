namespace InterviewApi.Core.Files;

/// <summary>Where uploaded images are stored, and how large they may be.</summary>
public sealed class UploadOptions
{
    /// <value>A folder that all instances share, which may be relative to the working folder. Default: uploads.</value>
    [Required]
    public string Path { get; set; } = "uploads";

    /// <value>The maximum size of an image in bytes. The default is 10 MiB.</value>
    [Range(1, 1024 * 1024 * 1024)]
    public int MaxBytes { get; set; } = 10 * 1024 * 1024;
}

/// <summary>The accepted image formats, by leading bytes, because no name or header proves a type.</summary>
public sealed record ImageFormat(string Extension, string ContentType)
{
    /// <value>The number of leading bytes that identify a format.</value>
    public const int SignatureLength = 12;

    private static readonly ImageFormat Png = new(".png", "image/png");
    private static readonly ImageFormat Jpeg = new(".jpg", "image/jpeg");
    private static readonly ImageFormat Gif = new(".gif", "image/gif");
    private static readonly ImageFormat WebP = new(".webp", "image/webp");

    /// <returns>Null if the bytes match no accepted format.</returns>
    public static ImageFormat? Detect(ReadOnlySpan<byte> start) =>
        start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? Png
        : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
        : start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8) ? Gif
        : start.StartsWith("RIFF"u8) && start[Math.Min(8, start.Length)..].StartsWith("WEBP"u8) ? WebP
        : null;

    /// <summary>Returns the format of a stored file by its extension.</summary>
    public static ImageFormat OfFile(string name) =>
        new[] { Png, Jpeg, Gif, WebP }.Single(format => name.EndsWith(format.Extension, StringComparison.Ordinal));
}

/// <summary>The uploaded images, in one folder that all instances share, under names that the server chooses.</summary>
public sealed partial class ImageFiles(IOptions<UploadOptions> options, TimeProvider time, ILogger<ImageFiles> logger)
    : IHostedService
{
    // Longer than any upload can pause: the server ends uploads slower than 240 bytes per second.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private readonly string _folder = Path.GetFullPath(options.Value.Path);

    /// <summary>Creates the folder, and deletes temporary files of processes killed during an upload.</summary>
    /// <exception cref="OptionsValidationException">The folder cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Write and delete a file, because an upload needs permission for both.
            await CreateTemporary().DisposeAsync();
            foreach (var file in new DirectoryInfo(_folder).EnumerateFiles($"*{TemporaryFile.Extension}"))
            {
                if (time.GetUtcNow() - file.LastWriteTimeUtc > AbandonedAfter)
                {
                    Delete(file.Name);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var failure = $"Uploads__Path: Files cannot be written to this folder: {exception.Message}";
            throw new OptionsValidationException("Uploads", typeof(UploadOptions), [failure]);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Opens a new temporary file, which is deleted unless it is kept.</summary>
    public TemporaryFile CreateTemporary() => new(Directory.CreateDirectory(_folder).FullName);

    /// <returns>Null if the file does not exist.</returns>
    public FileStream? Open(string name)
    {
        try
        {
            // Readers can continue after the file is deleted.
            return new FileStream(
                Path.Combine(_folder, name),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The time of the last change, in whole seconds as HTTP has it.</summary>
    public DateTimeOffset LastModified(string name) => DateTimeOffset.FromUnixTimeSeconds(
        new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(_folder, name))).ToUnixTimeSeconds());

    /// <summary>Deletes an unused file. A failure is logged; it only leaves the file behind.</summary>
    public void Delete(string? name)
    {
        if (name is null)
        {
            return;
        }

        try
        {
            File.Delete(Path.Combine(_folder, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogLeftBehind(exception, name);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The file {File} could not be deleted.")]
    private partial void LogLeftBehind(Exception exception, string file);
}

/// <summary>A file that is being received. Disposing deletes it unless it was kept.</summary>
public sealed class TemporaryFile : IAsyncDisposable
{
    public const string Extension = ".part";

    private readonly string _folder;
    private readonly string _id = Guid.CreateVersion7().ToString("N");
    private readonly FileStream _stream;

    public TemporaryFile(string folder)
    {
        _folder = folder;
        _stream = new FileStream(
            TemporaryPath, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
    }

    private string TemporaryPath => Path.Combine(_folder, _id + Extension);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Closes the file and moves it into place atomically.</summary>
    /// <returns>The name of the file.</returns>
    public async Task<string> KeepAsync(string extension)
    {
        // A name that the database has stored refers to a file that survives a power failure.
        _stream.Flush(flushToDisk: true);
        await _stream.DisposeAsync();
        var name = _id + extension;
        File.Move(TemporaryPath, Path.Combine(_folder, name));
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        File.Delete(TemporaryPath);
    }
}
