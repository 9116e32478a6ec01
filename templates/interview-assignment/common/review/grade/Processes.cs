using System.Diagnostics;
using System.Text;

/// <summary>How a process ended.</summary>
/// <param name="Stopped">Why it was ended; null if it ended by itself.</param>
public sealed record Outcome(int ExitCode, string Output, string? Stopped = null)
{
    public bool Succeeded => ExitCode == 0 && Stopped is null;

    /// <value>The last lines, as a reviewer wants to see them.</value>
    public string Tail => string.Join('\n', Output.Trim().Split('\n').TakeLast(15));
}

/// <summary>Runs programs of the reviewer: git, dotnet for the kit's own files, the container runtime.</summary>
public static class Processes
{
    /// <summary>What is kept of an output. The rest is read and discarded.</summary>
    public const int MaxOutput = 20_000_000;

    public static Task<Outcome> RunAsync(string folder, TimeSpan limit, string program, params string[] arguments) =>
        RunAsync(folder, limit, CancellationToken.None, program, arguments);

    /// <param name="end">Ends it before its time.</param>
    public static async Task<Outcome> RunAsync(
        string folder, TimeSpan limit, CancellationToken end, string program, params string[] arguments)
    {
        using var process = Start(folder, program, arguments);
        var output = new StringBuilder();
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output));
        try
        {
            await process.WaitForExitAsync(end).WaitAsync(limit, end);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return new(-1, Text(output), end.IsCancellationRequested ? "it was ended" : $"it took longer than {limit.TotalSeconds:0} s");
        }

        // A program that went to the background may keep the pipe open.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(2)));
        return new(process.ExitCode, Text(output));
    }

    /// <returns>The output, without white space around it.</returns>
    /// <exception cref="GradingException">It failed.</exception>
    public static async Task<string> RequireAsync(string folder, string program, params string[] arguments)
    {
        var outcome = await RunAsync(folder, TimeSpan.FromMinutes(5), program, arguments);
        return outcome.Succeeded
            ? outcome.Output.Trim()
            : throw new GradingException($"{program} {string.Join(' ', arguments)} failed: {outcome.Stopped ?? outcome.Tail}");
    }

    public static async Task ReadAsync(StreamReader reader, StringBuilder output)
    {
        var buffer = new char[16 * 1024];
        for (int count; (count = await reader.ReadAsync(buffer)) > 0;)
        {
            lock (output)
            {
                output.Append(buffer, 0, Math.Min(count, MaxOutput - output.Length));
            }
        }
    }

    public static string Text(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }

    private static Process Start(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Neither the settings of the reviewer nor those of the machine change a commit or run a program.
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new GradingException($"{program} cannot be started: {exception.Message}");
        }
    }
}
