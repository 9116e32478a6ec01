// Starts two instances of the application on one new database, as grading does: dotnet run --file checks/instances.cs
// They listen on http://localhost:5080 and http://localhost:5081 until Ctrl+C or SIGTERM.
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

var root = Path.GetFullPath(Path.Combine(FolderOfThisFile(), ".."));
var project = Path.Combine(root, "src", "Interview.Api");
using (var build = Process.Start(
    "dotnet", ["build", project, "--configuration", "Release", "-p:TreatWarningsAsErrors=false", "--verbosity", "quiet"]))
{
    await build.WaitForExitAsync();
    if (build.ExitCode != 0)
    {
        return build.ExitCode;
    }
}

var database = Path.Combine(Directory.CreateTempSubdirectory("instances-").FullName, "instances.db");
var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
Process[] instances = [Start(5080), Start(5081)];
Console.CancelKeyPress += (_, pressed) =>
{
    // They get the signal too, and end by themselves.
    pressed.Cancel = true;
};

// This signal reaches this program alone.
var terminated = new TaskCompletionSource();
using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    terminated.TrySetResult();
});
await Task.WhenAny([terminated.Task, .. instances.Select(instance => instance.WaitForExitAsync())]);
foreach (var instance in instances)
{
    instance.Kill(entireProcessTree: true);
}

return 0;

Process Start(int port)
{
    var start = new ProcessStartInfo("dotnet", [Path.Combine(project, "bin", "Release", "net10.0", "Interview.Api.dll")])
    {
        WorkingDirectory = project,
    };
    start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{port}";
    start.Environment["ConnectionStrings__Database"] = $"Data Source={database}";
    start.Environment["Docs__Enabled"] = "true";

    // A token of one instance is valid at the other.
    start.Environment["Jwt__SigningKey"] = key;

    // 96 MiB, as much as an instance has when it is graded.
    start.Environment["DOTNET_gcServer"] = "0";
    start.Environment["DOTNET_GCHeapHardLimit"] = "0x6000000";
    return Process.Start(start)!;
}

static string FolderOfThisFile([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
