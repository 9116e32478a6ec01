using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The guide is followed from its first command to its last, in one shell, on a project that runs.</summary>
[Trait("Level", "Guide")]
public sealed class GuideTests
{
    private const string Name = "Shop.Api";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [ProgramsFact("bash", "curl", "jq")]
    public async Task Every_answer_is_as_the_guide_shows_it()
    {
        var steps = LivePage.Steps();
        Assert.True(steps.Count(step => step.Answer is not null) > 20, "Hardly any answer was found.");

        var hive = await TemplateHive.InstalledAsync();
        var project = await hive.GenerateAsync(Name, Suite.Template.Space[0]);
        await using var api = await RunningApi.StartAsync(project);

        var script = LivePage.Script(steps.Select(step => step.Commands), api.Client.BaseAddress!.ToString().TrimEnd('/'));
        var session = await Cli.RunAsync("bash", project.Folder, Patience, ["-c", script]);
        var answers = LivePage.Answers(session.Output);

        Problems.AssertNone(
        [
            .. from step in steps
               where step.Answer is not null
               let actual = answers.GetValueOrDefault(step.Commands.Place, "nothing")
               where !Answer.IsAsShown(step.Answer, actual)
               select $"{step.Commands.Place}: the page shows\n{step.Answer.Text}\nand the project answers\n{actual}\n",
        ]);
    }
}
