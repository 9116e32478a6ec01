namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A command that has ended, by itself or because its time was up (exit code null).</summary>
internal sealed record CommandResult(string Command, int? ExitCode, string Output, TimeSpan Elapsed)
{
    public CommandResult EnsureSucceeded() => ExitCode == 0 ? this : throw new InvalidOperationException(Describe("failed"));

    public CommandResult EnsureFailed() =>
        ExitCode is not (null or 0) ? this : throw new InvalidOperationException(Describe("should have failed"));

    private string Describe(string verdict) =>
        $"'{Command}' {verdict}: {(ExitCode is null ? "its time was up" : $"exit code {ExitCode}")}"
        + $" after {Elapsed.TotalSeconds:0.0} s.\n{Output}";
}
