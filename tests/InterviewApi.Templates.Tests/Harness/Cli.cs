using System.Diagnostics;
using System.Text;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Runs a program to its end. When its time is up, the program and all that it started are killed.</summary>
internal static class Cli
{
    public static Task<CommandResult> DotnetAsync(
        string workingFolder, TimeSpan timeout, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        RunAsync("dotnet", workingFolder, timeout, arguments, environment);

    public static async Task<CommandResult> RunAsync(
        string program, string workingFolder, TimeSpan timeout,
            IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var clock = Stopwatch.StartNew();
        var output = new StringBuilder();
        using var process = Start(program, workingFolder, arguments, environment, line =>
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        });

        using var expired = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(expired.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return new CommandResult(
            $"{program} {string.Join(' ', arguments)}", expired.IsCancellationRequested ? null
                : process.ExitCode, output.ToString(), clock.Elapsed);
    }

    /// <summary>Starts a program whose end the caller awaits or brings about.</summary>
    public static Process Start(
        string program, string workingFolder,
            IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment, Action<string> onOutput)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Isolate(start.Environment);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Report(line.Data);
        process.ErrorDataReceived += (_, line) => Report(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();

        return process;

        void Report(string? line)
        {
            if (line is not null)
            {
                onOutput(line);
            }
        }
    }

    /// <summary>The same isolation for programs that this process starts in another way.</summary>
    public static void IsolateThisProcess()
    {
        var isolated = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);
        var before = isolated.Keys.ToArray();
        Isolate(isolated);
        foreach (var name in before.Union(isolated.Keys))
        {
            Environment.SetEnvironmentVariable(name, isolated.GetValueOrDefault(name));
        }
    }

    // The test host's own settings must not reach the programs under test, and no build server may outlive them.
    private static void Isolate(IDictionary<string, string?> environment)
    {
        string[] prefixes = ["VSTEST_", "MSBUILD", "COVERLET_", "CORECLR_", "ASPNETCORE_", "ConnectionStrings__", "TESTINGPLATFORM_"];
        foreach (var name in environment.Keys.Where(
            name => prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))).ToArray())
        {
            environment.Remove(name);
        }

        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        environment["DOTNET_NOLOGO"] = "1";
        environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        environment["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false";
    }
}
