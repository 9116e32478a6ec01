/// <summary>An application that the reviewer has started, in whatever language. Nothing of the submission is built or run here.</summary>
/// <param name="addresses">The address of each instance.</param>
public sealed class RunningApplication(IReadOnlyList<string> addresses) : ISandbox
{
    public string Description =>
        $"at {string.Join(" and ", addresses)}, started by the reviewer: build, format, tests and coverage are not measured, "
        + "memory is not limited, and nothing is restarted";

    public static RunningApplication Parse(string text, int instances)
    {
        var addresses = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return addresses.Length == instances && addresses.All(IsAddress)
            ? new RunningApplication([.. addresses.Select(address => address.TrimEnd('/'))])
            : throw new GradingException(
                $"--running needs {(instances == 1 ? "one address" : $"{instances} addresses with a comma between them")}, "
                + "such as http://localhost:5080.");
    }

    public Task OpenAsync(string submission) => Task.CompletedTask;

    public Task<Outcome> RunAsync(TimeSpan limit, params string[] command) =>
        Task.FromResult(new Outcome(-1, "", "nothing runs here"));

    public Task StartAsync(string assembly, int instances = 1, bool keep = false) => Task.CompletedTask;

    public Task<Outcome> CheckAsync(string checks, string results, params string[] options) => Processes.RunAsync(
        ".", Sandboxes.CheckLimit, "dotnet", [checks, .. addresses, "--output", results, "--wait", "10", .. options]);

    public Task<string> GetAsync(string path) => Sandboxes.GetAsync(addresses[0] + path);

    public Task<Outcome> StopAsync() => Task.FromResult(new Outcome(0, ""));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
}
