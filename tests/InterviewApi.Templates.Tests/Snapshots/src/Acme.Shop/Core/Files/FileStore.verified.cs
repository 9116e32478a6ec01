using System.Runtime.CompilerServices;

namespace Acme.Shop.Core.Files;

/// <summary>The store does not answer, or refuses. The response is 503.</summary>
public sealed class FileStoreException(Exception inner)
    : BadHttpRequestException("The file store is unavailable.", StatusCodes.Status503ServiceUnavailable, inner);

/// <summary>Stores uploaded files, which do not change. All instances share the store.</summary>
public interface IFileStore
{
    /// <summary>Stores a file that was received completely.</summary>
    /// <exception cref="FileStoreException">The file may be stored or not.</exception>
    Task StoreAsync(TemporaryFile file, string name, CancellationToken cancellationToken);

    /// <returns>A stream that can seek, or null if the file does not exist.</returns>
    /// <exception cref="FileStoreException">The store is unavailable.</exception>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Deletes an unused file. A failure is logged; it only leaves the file to the next sweep.</summary>
    Task DeleteAsync(string name);

    /// <summary>Lists the names in the store, those of other files included.</summary>
    /// <exception cref="FileStoreException">The store is unavailable.</exception>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken);

    /// <summary>Checks that the store answers.</summary>
    /// <exception cref="FileStoreException">The store is unavailable.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}

/// <summary>Stores files in the folder in which they are received, which all instances share.</summary>
public sealed class LocalFileStore(UploadFolder folder, ILogger<LocalFileStore> logger) : IFileStore
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
                PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous));
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

    public Task DeleteAsync(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception exception) when (IsUnavailable(exception))
        {
            logger.LogWarning(exception, "The file {File} could not be deleted.", name);
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
}
