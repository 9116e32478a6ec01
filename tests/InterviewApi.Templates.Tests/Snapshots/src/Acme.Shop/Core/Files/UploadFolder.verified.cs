namespace Acme.Shop.Core.Files;

/// <summary>The folder in which files are received, wherever they are stored.</summary>
public sealed class UploadFolder(IOptions<UploadOptions> options, TimeProvider time) : IHostedService
{
    /// <value>Longer than any upload can pause: the server ends uploads slower than 240 bytes per second.</value>
    public static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    public string Path { get; } = System.IO.Path.GetFullPath(options.Value.Path);

    /// <summary>Creates the folder, and deletes temporary files of processes killed during an upload.</summary>
    /// <exception cref="OptionsValidationException">The folder cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Write and delete a file, because an upload needs permission for both.
            await CreateTemporary().DisposeAsync();
            foreach (var file in new DirectoryInfo(Path).EnumerateFiles($"*{TemporaryFile.Extension}"))
            {
                if (time.GetUtcNow() - file.LastWriteTimeUtc > AbandonedAfter)
                {
                    file.Delete();
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

    /// <summary>Opens a new temporary file, which is deleted unless it is stored.</summary>
    public TemporaryFile CreateTemporary() => new(Directory.CreateDirectory(Path).FullName);
}

/// <summary>A file that is being received. Disposing deletes it unless it was moved.</summary>
public sealed class TemporaryFile : IAsyncDisposable
{
    public const string Extension = ".part";

    private readonly FileStream _stream;

    public TemporaryFile(string folder)
    {
        Path = System.IO.Path.Combine(folder, Guid.NewGuid().ToString("N") + Extension);
        _stream = new FileStream(
            Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
    }

    public string Path { get; }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>Closes the file. What was written survives a power failure.</summary>
    public async Task CompleteAsync()
    {
        _stream.Flush(flushToDisk: true);
        await _stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        File.Delete(Path);
    }
}

/// <summary>A file that was received completely, with the name that clients see.</summary>
public sealed record UploadedFile(TemporaryFile Content, FileFormat Format, string Name, long Length);
