using System.Runtime.CompilerServices;

namespace Acme.Shop.Core.Files;

/// <summary>Stores files in the folder in which they are received, which all instances share.</summary>
public sealed partial class LocalFileStore(UploadFolder folder, ILogger<LocalFileStore> logger) : IFileStore
{
    /// <summary>Moves the file into place atomically.</summary>
    public Task StoreAsync(TemporaryFile file, string name, CancellationToken cancellationToken)
    {
        Try(() => File.Move(file.Path, PathOf(name)));
        return Task.CompletedTask;
    }

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            // Readers can continue after the file is deleted.
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(name),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            throw new FileStoreException(exception);
        }
    }

    public Task DeleteAsync(string? name)
    {
        try
        {
            if (name is not null)
            {
                File.Delete(PathOf(name));
            }
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            LogLeftBehind(exception, name!);
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        foreach (var file in Directory.EnumerateFiles(folder.Path))
        {
            yield return Path.GetFileName(file);
        }
    }

    public Task CheckAsync(CancellationToken cancellationToken)
    {
        Try(() => Directory.GetFileSystemEntries(folder.Path, "-"));
        return Task.CompletedTask;
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            throw new FileStoreException(exception);
        }
    }

    private static bool IsUnavailable(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private string PathOf(string name) => Path.Combine(folder.Path, name);

    [LoggerMessage(LogLevel.Warning, "The file {File} could not be deleted.")]
    private partial void LogLeftBehind(Exception exception, string file);
}
