namespace InterviewApi.Services;

/// <summary>Uploaded paper scans, in one folder that all instances share, under names that the server chooses.</summary>
public sealed class PaperScanFiles(IOptions<PaperScanOptions> options)
{
    private const int SignatureLength = 8;
    private readonly string _folder = Path.GetFullPath(options.Value.Path);

    /// <summary>Stores a file under a new name.</summary>
    /// <returns>The name, or null if the leading bytes match no accepted type: no name or header proves one.</returns>
    /// <exception cref="BadHttpRequestException">The file cannot be written: 503.</exception>
    public async Task<string?> SaveAsync(Stream content, CancellationToken cancellationToken)
    {
        var start = new byte[SignatureLength];
        var length = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (ExtensionOf(start.AsSpan(0, length)) is not { } extension)
        {
            return null;
        }

        // Only a complete file gets its name. A failure deletes what was written.
        var name = $"{Guid.CreateVersion7():N}{extension}";
        var temporary = Path.Combine(_folder, $"{name}.part");
        try
        {
            Directory.CreateDirectory(_folder);
            await using (
                var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                await file.WriteAsync(start.AsMemory(0, length), cancellationToken);
                await content.CopyToAsync(file, cancellationToken);
            }

            File.Move(temporary, Path.Combine(_folder, name));
            return name;
        }
        catch (Exception exception)
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new BadHttpRequestException("The file cannot be written.", StatusCodes.Status503ServiceUnavailable, exception);
            }

            throw;
        }
    }

    /// <summary>Whether the folder exists or can be created, and is writable.</summary>
    public static bool CanWriteTo(string folder)
    {
        try
        {
            var file = Path.Combine(Directory.CreateDirectory(folder).FullName, $"{Guid.NewGuid():N}.part");
            File.Create(file, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    /// <returns>Null if there is no such file.</returns>
    public FileStream? Open(string name) => File.Exists(PathOf(name))
        ? new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.Asynchronous)
        : null;

    /// <returns>Whether there was such a file.</returns>
    public bool Delete(string name)
    {
        if (!File.Exists(PathOf(name)))
        {
            return false;
        }

        File.Delete(PathOf(name));
        return true;
    }

    // A name from a client is never a path.
    private string PathOf(string name) => Path.Combine(_folder, Path.GetFileName(name));

    private static string? ExtensionOf(ReadOnlySpan<byte> start) =>
        start.StartsWith("%PDF-"u8) ? ".pdf"
        : start.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]) ? ".png"
        : start.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? ".jpg"
        : null;
}
