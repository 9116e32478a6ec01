using Microsoft.TemplateEngine.Abstractions.PhysicalFileSystem;
using Microsoft.TemplateEngine.Utils;

namespace InterviewApi.Templates.Tests.Engine;

/// <summary>
/// What one engine sees of the disk: the template's files, asked for and read once, and a folder that exists in memory
/// only. Not safe for use by several threads.
/// </summary>
internal sealed class MemoryFileSystem(string memoryFolder) : IPhysicalFileSystem
{
    private readonly PhysicalFileSystem _disk = new();
    private readonly Dictionary<string, byte[]> _contents = [];
    private readonly Dictionary<string, bool> _files = [];
    private readonly Dictionary<string, bool> _folders = [];
    private readonly HashSet<(string Source, string Target)> _origins = [];
    private readonly Dictionary<(string Folder, string Pattern, SearchOption Option), string[]> _listings = [];
    private Dictionary<string, MemoryStream> _written = new(StringComparer.Ordinal);
    private string? _lastRead;

    /// <summary>The source of each file that was ever written: the one that was opened last before it.</summary>
    public IReadOnlyCollection<(string Source, string Target)> Origins => _origins;

    /// <summary>Hands over what was written since the last call, by path relative to <paramref name="outputFolder"/>, with '/'.</summary>
    public SortedDictionary<string, byte[]> TakeOutput(string outputFolder)
    {
        var output = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (path, stream) in _written.Where(file => file.Key.StartsWith(outputFolder, StringComparison.Ordinal)))
        {
            output.Add(Path.GetRelativePath(outputFolder, path).Replace('\\', '/'), stream.ToArray());
        }

        _written = new(StringComparer.Ordinal);
        return output;
    }

    public Stream CreateFile(string path)
    {
        if (_lastRead is not null)
        {
            _origins.Add((_lastRead, Path.GetFullPath(path)));
        }

        return _written[Path.GetFullPath(path)] = new MemoryStream();
    }

    public Stream OpenRead(string path)
    {
        _lastRead = path;
        return new MemoryStream(ReadAllBytes(path), writable: false);
    }

    public byte[] ReadAllBytes(string path)
    {
        if (InMemory(path))
        {
            return _written.TryGetValue(Path.GetFullPath(path), out var stream) ? stream.ToArray()
                : throw new FileNotFoundException(null, path);
        }

        return Once(_contents, path, _disk.ReadAllBytes);
    }

    public string ReadAllText(string path) => new StreamReader(OpenRead(path)).ReadToEnd();

    public void WriteAllText(string path, string value)
    {
        using var writer = new StreamWriter(CreateFile(path), leaveOpen: true);
        writer.Write(value);
    }

    public void FileCopy(string sourcePath, string targetPath, bool overwrite) =>
        CreateFile(targetPath).Write(ReadAllBytes(sourcePath));

    public bool FileExists(string file) =>
        InMemory(file) ? _written.ContainsKey(Path.GetFullPath(file)) : Once(_files, file, _disk.FileExists);

    public void FileDelete(string path) => _written.Remove(Path.GetFullPath(path));

    public bool DirectoryExists(string directory) => InMemory(directory) || Once(_folders, directory, _disk.DirectoryExists);

    public void CreateDirectory(string path)
    {
    }

    public void DirectoryDelete(string path, bool recursive) => throw new NotSupportedException();

    public IEnumerable<string> EnumerateFileSystemEntries(string directoryName, string pattern, SearchOption searchOption) =>
        EnumerateDirectories(directoryName, pattern, searchOption).Concat(EnumerateFiles(directoryName, pattern, searchOption));

    public IEnumerable<string> EnumerateDirectories(string path, string pattern, SearchOption searchOption) =>
        InMemory(path) ? [] : Listed(path + "/", pattern, searchOption, () => _disk.EnumerateDirectories(path, pattern, searchOption));

    public IEnumerable<string> EnumerateFiles(string path, string pattern, SearchOption searchOption) =>
        InMemory(path)
            ? _written.Keys.Where(file => file.StartsWith(path, StringComparison.Ordinal))
            : Listed(path, pattern, searchOption, () => _disk.EnumerateFiles(path, pattern, searchOption));

    public FileAttributes GetFileAttributes(string file) => InMemory(file) ? FileAttributes.Normal : _disk.GetFileAttributes(file);

    public void SetFileAttributes(string file, FileAttributes attributes)
    {
    }

    public DateTime GetLastWriteTimeUtc(string file) => _disk.GetLastWriteTimeUtc(file);

    public void SetLastWriteTimeUtc(string file, DateTime lastWriteTimeUtc)
    {
    }

    public string GetCurrentDirectory() => memoryFolder;

    public string PathRelativeTo(string target, string relativeTo) => _disk.PathRelativeTo(target, relativeTo);

    public IDisposable WatchFileChanges(string filePath, FileSystemEventHandler fileChanged) => throw new NotSupportedException();

    private bool InMemory(string path) => path.StartsWith(memoryFolder, StringComparison.Ordinal);

    private string[] Listed(string folder, string pattern, SearchOption option, Func<IEnumerable<string>> list) =>
        Once(_listings, (folder, pattern, option), _ => list().ToArray());

    private static TValue Once<TKey, TValue>(Dictionary<TKey, TValue> known, TKey key, Func<TKey, TValue> ask)
        where TKey : notnull
    {
        if (!known.TryGetValue(key, out var value))
        {
            known.Add(key, value = ask(key));
        }

        return value;
    }
}
