using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.TemplateEngine.Authoring.TemplateVerifier;

namespace InterviewApi.Templates.Verifier;

/// <summary>
/// Named scenarios in the hands of Microsoft's own verifier. The folders that it compares with are written here, out of
/// the approved renderings.
/// </summary>
public sealed partial class ScenarioTests
{
    private const string ProjectName = "Acme.Shop";

    private static readonly string ProjectFolder = Path.GetDirectoryName(ThisFile())!;
    private static readonly TemplateDefinition Template = TemplateDefinition.Load(
        Path.Combine(ProjectFolder, "..", "..", "templates", "interview-api"));
    private static readonly IReadOnlyDictionary<string, Combination> Combinations = VerifierScenarios.Of(Template.Space);

    static ScenarioTests()
    {
        // Verify replaces the path of the temporary folder in every file, and the template names /tmp for its own reasons.
        Environment.SetEnvironmentVariable("TMPDIR", Directory.CreateTempSubdirectory("verifier-").FullName);

        var approved = new SnapshotStore(Path.Combine(ProjectFolder, "..", "InterviewApi.Templates.Tests", "Snapshots"))
            .Read(Template.Space);
        foreach (var (scenario, combination) in Combinations)
        {
            VerifierScenarios.Write(
                approved, combination, Path.Combine(ProjectFolder, "Snapshots", $"{Template.ShortName}.{scenario}.verified", ProjectName));
        }
    }

    public static TheoryData<string> Scenarios => [.. Combinations.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_output_is_as_approved(string scenario)
    {
        var options = new TemplateVerifierOptions(Template.ShortName)
        {
            TemplatePath = Template.Folder,
            TemplateSpecificArgs = [
                "--name", ProjectName, "--output", ProjectName, "--no-restore", .. Combinations[scenario].ToArguments()],
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

        if (Path.GetExtension(path) == ".csproj")
        {
            var scrubbed = Flags().Replace(content.ToString(), "{flags}");
            content.Clear().Append(scrubbed);
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("(?<=<PackageVersion .*)Version=\"[^\"]*\"")]
    private static partial Regex Version();

    [GeneratedRegex("(?<=<TemplateFlags>)[^<]*")]
    private static partial Regex Flags();
}
