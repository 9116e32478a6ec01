using Acme.Shop.Core.Configuration;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Core.Files;

/// <summary>
/// The uploaded images: one folder of files with names that the server chose. Several instances share the folder.
/// </summary>
public sealed partial class ImageFiles(IOptions<UploadOptions> options, ILogger<ImageFiles> logger)
{
    private readonly string _folder = Path.GetFullPath(options.Value.Path);

    /// <summary>Opens a new temporary file, which disappears unless it is kept.</summary>
    public TemporaryFile CreateTemporary() => new(Directory.CreateDirectory(_folder).FullName);

    /// <returns>Null if there is no such file.</returns>
    public FileStream? Open(string name)
    {
        try
        {
            // Readers go on reading while the file is deleted.
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

    /// <summary>Deletes a file that nothing refers to any more. A failure is logged: it leaves a file, and harms no request.</summary>
    public void Delete(string name)
    {
        try
        {
            File.Delete(Path.Combine(_folder, name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogLeftBehind(exception, name);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The image {File} could not be deleted.")]
    private partial void LogLeftBehind(Exception exception, string file);
}
