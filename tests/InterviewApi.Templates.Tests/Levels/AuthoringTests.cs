using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Linting;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Whoever follows the steps to a new option gets one: its files and its line, and nothing while it is off.</summary>
[Trait("Level", "Docs")]
public sealed class AuthoringTests
{
    private readonly AuthoredTemplate _template = new();

    [Fact]
    public void The_steps_pass_the_lint()
    {
        Assert.Empty(new TemplateLint(_template.Definition).Check());
        Assert.Empty(ContentLint.Check(_template.Definition));
    }

    // What ./test.sh approve writes comes on top, and one file with the German texts.
    [Fact]
    public void The_steps_change_three_files_beside_the_folders_of_the_option() => Assert.Equal(
        [
            ".template.config/dotnetcli.host.json", ".template.config/template.json",
            "base/src/Interview.Api/Dependencies/ApiDependencies.cs",
        ],
        _template.Changed);

    [Fact]
    public async Task The_steps_yield_an_option()
    {
        Assert.Contains(_template.Definition.Options, option => option.Flag == "audit");
        using var engine = await TemplateEngine.LoadAsync(_template.Definition.Folder, CancellationToken.None);

        var without = await engine.GenerateAsync(EveryCombination.ProjectName, Parameters("false"), CancellationToken.None);
        var with = await engine.GenerateAsync(EveryCombination.ProjectName, Parameters("true"), CancellationToken.None);

        Assert.Equal(
            [
                "src/Acme.Shop/Core/Data/AuditTrigger.cs",
                "src/Acme.Shop/Dependencies/ApiDependencies.cs",
                "src/Acme.Shop/Dependencies/AuditDependencies.cs",
                "tests/Acme.Shop.Tests/Integration/AuditTests.cs",
            ],
            with.Where(file => !without.TryGetValue(file.Key, out var content) || !content.SequenceEqual(file.Value))
                .Select(file => file.Key));
        Assert.Equal(3, with.Count - without.Count);
    }

    private Dictionary<string, string> Parameters(string audit) =>
        new(_template.Definition.Space[0].ToParameters()) { ["audit"] = audit };
}
