using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The guide is followed from its first command to its last, in one shell, on a project that runs; so is the recording of the README.
/// </summary>
[Trait("Level", "Guide")]
public sealed class GuideTests(DefaultProject project) : IClassFixture<DefaultProject>
{
    private const string DocumentedAddress = "http://localhost:5080";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Every_answer_is_as_the_guide_shows_it()
    {
        Requires.Programs("bash", "curl", "jq");
        var steps = LivePage.Steps();
        Assert.True(steps.Count(step => step.Answer is not null) > 20, "Hardly any answer was found.");

        var answers = LivePage.Answers(await RunAsync(LivePage.Script(steps.Select(step => step.Commands))));

        Problems.AssertNone(
        [
            .. from step in steps
               where step.Answer is not null
               let actual = answers.GetValueOrDefault(step.Commands.Place, "nothing")
               where !Answer.IsAsShown(step.Answer, actual)
               select $"{step.Commands.Place}: the page shows\n{step.Answer.Text}\nand the project answers\n{actual}\n",
        ]);
    }

    [Fact]
    public async Task The_recording_of_the_readme_is_true()
    {
        Requires.Programs("bash", "curl");
        var recording = Assert.Single(Pages.Get("README.md").Blocks, block => block.Language == Recording.Language);
        var steps = Recording.Of(recording);
        Assert.Equal(
            [
                $"dotnet new interview-api --name {DefaultProject.Name}", $"cd {DefaultProject.Name}",
                $"dotnet run --project src/{DefaultProject.Name}"],
            steps.Take(3).Select(step => step.Command));
        Assert.NotEmpty(steps.Skip(3));

        Assert.Null(Recording.FindFalseLine(steps[0].Output, project.NewOutput));
        Assert.Null(
            Recording.FindFalseLine(steps[2].Output, project.Log.Replace(project.Address, DocumentedAddress, StringComparison.Ordinal)));
        foreach (var (command, output) in steps.Skip(3))
        {
            var answer = await RunAsync(command);
            Assert.True(Answer.IsAsShown(output, answer), $"The page shows\n{output.Text}\nand the project answers\n{answer}");
        }
    }

    [Fact]
    public async Task The_page_about_accounts_works_as_it_stands()
    {
        Requires.Programs("bash", "curl", "jq");
        const string path = "docs/accounts.md";
        var page = Page.Parse(path, await File.ReadAllTextAsync(Path.Combine(project.Folder, path)));

        // The verbs and the reset of a password come after the end of the session.
        var commands = CommandLines.Of(page)
            .Where(command => !command.StartsWith("dotnet run", StringComparison.Ordinal))
            .Where(command => !command.Contains("/password/", StringComparison.Ordinal))
            .ToArray();
        Assert.Contains(commands, command => command.Contains("/auth/logout", StringComparison.Ordinal));

        // A status that is no success, or a variable without a value, ends the script.
        (
            await ExecuteAsync(
                "set -euo pipefail; curl() { command curl --silent --show-error --fail \"$@\"; }\n"
                + string.Join('\n', commands))).EnsureSucceeded();
    }

    private async Task<string> RunAsync(string script) => (await ExecuteAsync(script)).Output.ReplaceLineEndings("\n");

    private Task<CommandResult> ExecuteAsync(string script) =>
        Cli.RunAsync(
            "bash", project.Folder, Patience, ["-c", script.Replace(DocumentedAddress, project.Address, StringComparison.Ordinal)]);
}
