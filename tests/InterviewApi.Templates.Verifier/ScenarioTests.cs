using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.TemplateEngine.Authoring.TemplateVerifier;
using Xunit;

namespace InterviewApi.Templates.Verifier;

/// <summary>Named scenarios in the hands of Microsoft's own verifier, each approved as a whole folder in that tool's layout.</summary>
public sealed partial class ScenarioTests
{
    private const string ProjectName = "Acme.Shop";

    public static TheoryData<string> Scenarios => [.. Read().Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_output_is_as_approved(string scenario)
    {
        var options = new TemplateVerifierOptions("interview-api")
        {
            TemplatePath = Path.Combine(RepositoryRoot(), "templates", "interview-api"),
            TemplateSpecificArgs = ["--name", ProjectName, "--output", ProjectName, "--no-restore", .. Read()[scenario]],
            SnapshotsDirectory = "Snapshots",
            ScenarioName = scenario,
            DoNotPrependCallerMethodNameToScenarioName = true,
            DoNotAppendTemplateArgsToScenarioName = true,
            DisableDiffTool = true,
        }.WithCustomScrubbers(ScrubbersDefinition.Empty.AddScrubber(ScrubVersions));

        await new VerificationEngine(NullLogger.Instance).Execute(Options.Create(options));
    }

    private static void ScrubVersions(string path, StringBuilder content)
    {
        if (Path.GetFileName(path) == "Directory.Packages.props")
        {
            var scrubbed = Version().Replace(content.ToString(), "Version=\"{version}\"");
            content.Clear().Append(scrubbed);
        }
    }

    private static Dictionary<string, string[]> Read() =>
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "scenarios.json")))!;

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));

    [GeneratedRegex("(?<=<PackageVersion .*)Version=\"[^\"]*\"")]
    private static partial Regex Version();
}
