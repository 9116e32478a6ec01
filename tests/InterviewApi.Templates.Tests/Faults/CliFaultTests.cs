using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>A command that fails or hangs is reported with all of its output, and leaves nothing behind.</summary>
[Trait("Level", "Faults")]
public sealed class CliFaultTests
{
    [Fact]
    public async Task A_failure_shows_the_command_and_its_whole_output()
    {
        var result = await Cli.DotnetAsync(Path.GetTempPath(), TimeSpan.FromMinutes(1), ["build", "no-such-project.csproj"]);
        var error = Assert.Throws<InvalidOperationException>(result.EnsureSucceeded);

        Assert.Contains("'dotnet build no-such-project.csproj' failed: exit code 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("MSB1009", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_hangs_is_killed_with_its_children()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var marker = Path.Combine(new TemporaryFolder("hanging").Path, "marker");
        var result = await Cli.RunAsync("bash", Path.GetTempPath(), TimeSpan.FromSeconds(1), ["-c", $"(sleep 2; touch {marker}) & wait"]);

        Assert.Contains(
            "its time was up", Assert.Throws<InvalidOperationException>(result.EnsureSucceeded).Message, StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(File.Exists(marker));
    }
}
