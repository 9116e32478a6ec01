using System.Diagnostics;
using System.Globalization;

/// <summary>
/// Watches everything that one command started, also what left its process group: on Linux, an inherited variable marks
/// it. Elsewhere only the tree of processes is known.
/// </summary>
public sealed class ProcessWatch : IAsyncDisposable
{
    private const string Variable = "ASSIGNMENT_RUN";
    private const int MaxProcesses = 150;
    private const long MaxMemory = 4L * 1024 * 1024 * 1024;
    private const long MaxDisk = 3L * 1024 * 1024 * 1024;

    private readonly string _mark = $"{Variable}={Guid.NewGuid():N}";
    private readonly string[] _folders;
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<string> _exceeded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _watching;

    public ProcessWatch(params string[] folders)
    {
        _folders = folders;
        _watching = Task.Run(WatchAsync);
    }

    /// <value>Ends with the reason when a limit is exceeded.</value>
    public Task<string> Exceeded => _exceeded.Task;

    public void Mark(ProcessStartInfo start) => start.Environment[Variable] = _mark[(Variable.Length + 1)..];

    /// <summary>Ends the process and everything that it started.</summary>
    public async Task EndAsync(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }

        // Stopped first, so that nothing starts another process while they end.
        for (var attempt = 0; attempt < 50 && Marked() is { Count: > 0 } left; attempt++)
        {
            foreach (var signal in (string[])["-STOP", "-KILL"])
            {
                foreach (var ids in left.Chunk(500))
                {
                    string[] arguments = [signal, .. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))];
                    using var kill = Process.Start(new ProcessStartInfo("kill", arguments) { RedirectStandardError = true })!;
                    await kill.WaitForExitAsync();
                }
            }

            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
        _end.Dispose();
    }

    private async Task WatchAsync()
    {
        for (var round = 0; !_end.IsCancellationRequested && !Exceeded.IsCompleted; round++)
        {
            await Task.Delay(250, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var ids = Marked();
            if (ids.Count > MaxProcesses)
            {
                _exceeded.TrySetResult($"it started {ids.Count} processes (a fork bomb?)");
            }
            else if (ids.Sum(MemoryOf) > MaxMemory)
            {
                _exceeded.TrySetResult("it used more than 4 GB of memory");
            }
            else if (round % 4 == 0 && _folders.Sum(SizeOf) > MaxDisk)
            {
                _exceeded.TrySetResult("it wrote more than 3 GB");
            }
        }
    }

    private List<int> Marked()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _)
                && Read($"/proc/{name}/environ").Contains(_mark, StringComparison.Ordinal))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];
    }

    private static long MemoryOf(int id) =>
        Read($"/proc/{id}/statm").Split(' ') is [_, var resident, ..]
            && long.TryParse(resident, CultureInfo.InvariantCulture, out var pages)
            ? pages * Environment.SystemPageSize
            : 0;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static long SizeOf(string folder)
    {
        try
        {
            var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
            return new DirectoryInfo(folder).EnumerateFiles("*", all).Sum(file => file.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
