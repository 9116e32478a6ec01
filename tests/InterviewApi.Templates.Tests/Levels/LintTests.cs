using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Linting;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>Level 1: the template's sources and all of its output keep the rules that need no approval.</summary>
[Trait("Level", "Lint")]
public sealed partial class LintTests
{
    // A file that depends on more options than this can be approved by nobody: give each option a file of its own.
    private const int MostRenderingsOfOneFile = 128;

    private const int LongestLine = 140;

    public static TheoryData<string> Templates =>
        ["interview-api", "interview-client", "interview-job", "interview-resource", "interview-upload"];

    [Fact]
    public void The_configuration_names_only_what_exists_and_explains_every_option() =>
        Problems.AssertNone(new TemplateLint(Suite.Template).Check());

    [Fact]
    public void Conditional_blocks_stay_within_their_budget() =>
        Problems.AssertNone(ContentLint.Check(Suite.Template));

    [Fact]
    public async Task Every_generated_file_reads_as_hand_written()
    {
        var table = await Suite.RenderedAsync();

        Assert.NotEmpty(table.Files);
        Problems.AssertNone(OutputLint.Check(Suite.Template, table));
    }

    [Fact]
    public async Task No_file_depends_on_so_many_options_that_nobody_can_review_it()
    {
        var table = await Suite.RenderedAsync();

        Problems.AssertNone(
        [
            .. from file in table.Files
               where file.Value.Contents.Count > MostRenderingsOfOneFile
               select $"{file.Key} has {file.Value.Contents.Count} distinct renderings.",
        ]);
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Every_text_is_there_in_English_and_in_German(string template)
    {
        var strings = new TemplateStrings(FolderOf(template));
        string[] languages = ["en", "de"];
        foreach (var language in Suite.Approving ? languages : [])
        {
            strings.Update(language);
        }

        Problems.AssertNone([.. languages.SelectMany(strings.Problems)], "./test.sh approve adds what is missing, in English:");
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task The_engine_has_nothing_to_remark(string template)
    {
        var (findings, languages) = await OfficialValidation.ScanAsync(FolderOf(template), CancellationToken.None);

        Assert.Equal(["de", "en"], languages);
        Problems.AssertNone([.. findings.Except(OfficialValidation.Accepted)]);
    }

    [Fact]
    public async Task An_editor_that_makes_a_solution_of_its_own_gets_the_projects_without_one()
    {
        using var engine = await TemplateEngine.LoadAsync(Suite.Template.Folder, CancellationToken.None, "vs");
        var files = await engine.GenerateAsync(
            EveryCombination.ProjectName, Suite.Template.Space[0].ToParameters(), CancellationToken.None);
        var approved = (await Suite.RenderedAsync()).Project(0).Select(file => file.Path).ToArray();

        Assert.Equal(["Acme.Shop.slnx"], approved.Except(files.Keys));
        Assert.Equal(["src/Acme.Shop/Acme.Shop.csproj", "tests/Acme.Shop.Tests/Acme.Shop.Tests.csproj"], engine.PrimaryOutputs);
    }

    [Fact]
    public async Task An_editor_finds_the_project_to_start()
    {
        var files = (await Suite.RenderedAsync()).Project(0).ToDictionary(file => file.Path, file => file.Content);
        var editor = files.Keys.Where(path => path.StartsWith(".vscode/", StringComparison.Ordinal)).Select(Path.GetFileName);
        Assert.Equal(["extensions.json", "launch.json", "tasks.json"], editor.Order(StringComparer.Ordinal));

        var launch = JsonNode.Parse(files[".vscode/launch.json"])!["configurations"]![0]!;
        var tasks = JsonNode.Parse(files[".vscode/tasks.json"])!["tasks"]!.AsArray();
        Assert.Contains(((string)launch["projectPath"]!).Replace("${workspaceFolder}/", "", StringComparison.Ordinal), files.Keys);
        Assert.Equal(["build", "test", "watch"], tasks.Select(task => (string)task!["label"]!));
        Assert.Contains(files.Keys, path => path.StartsWith($"{tasks[2]!["args"]![2]}/", StringComparison.Ordinal));
    }

    // What is one literal, or a part of one, stays on its line.
    [Fact]
    public async Task No_line_of_the_tests_the_items_and_the_scripts_is_longer_than_140_characters()
    {
        var tracked = (await Cli.RunAsync("git", SdkAssemblies.RepositoryRoot, TimeSpan.FromMinutes(1), ["ls-files"])).EnsureSucceeded();
        var sources = tracked.Output.Split('\n').Where(file => Linted().IsMatch(file) && !Unlinted().IsMatch(file)).ToArray();

        Assert.Contains("test.sh", sources);
        Assert.Contains("tests/InterviewApi.Templates.Tests/Levels/LintTests.cs", sources);
        Assert.Contains("templates/interview-resource/api/OrderLineEndpoints.cs", sources);
        Problems.AssertNone([.. sources.SelectMany(file => LongLines(Path.Combine(SdkAssemblies.RepositoryRoot, file)))]);
    }

    private static IEnumerable<string> LongLines(string file)
    {
        var isLiteral = false;
        foreach (var (index, line) in File.ReadAllLines(file).Index())
        {
            var marks = line.Split("\"\"\"").Length - 1;
            if (line.Length > LongestLine && !isLiteral && marks == 0 && !LongLiteral().IsMatch(line))
            {
                yield return $"{Path.GetRelativePath(SdkAssemblies.RepositoryRoot, file)}({index + 1}): {line.Length} characters.";
            }

            isLiteral ^= marks % 2 == 1;
        }
    }

    [GeneratedRegex(@"^(tests|templates/interview-(client|job|resource|upload))/.*\.cs$|\.sh$|^\.ci/run$")]
    private static partial Regex Linted();

    [GeneratedRegex("/(Snapshots|Fixtures)/")]
    private static partial Regex Unlinted();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\]){60,}\"|'[^']{60,}'")]
    private static partial Regex LongLiteral();

    private static string FolderOf(string template) => Path.Combine(SdkAssemblies.RepositoryRoot, "templates", template);
}
