using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Assignments;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Linting;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The take-home kit takes its handout from interview-api, and what a variant draws agrees in all of its files.</summary>
[Trait("Level", "Lint")]
public sealed partial class AssignmentDefinitionTests
{
    private static readonly string[] FilesOfTheKit =
    [
        "ASSIGNMENT.md", "NOTES.md", "REVIEW.md", "contract.yaml", "pull-request.patch", "checks/",
        ".github/workflows/checks.yml", ".gitlab-ci.yml",
    ];

    [Fact]
    public void The_kit_has_the_sources_symbols_and_forms_of_the_skeleton()
    {
        var generated = AssignmentDefinition.Regenerate();
        if (Suite.Approving)
        {
            File.WriteAllText(AssignmentDefinition.File, generated);
        }

        Assert.Equal(generated, File.ReadAllText(AssignmentDefinition.File));
    }

    [Theory]
    [InlineData("junior", "github")]
    [InlineData("mid", "gitlab")]
    [InlineData("senior", "github")]
    public async Task The_handout_is_what_interview_api_writes_and_the_files_of_the_kit(string level, string pipeline)
    {
        using var kit = await AssignmentEngine.LoadAsync();
        using var skeleton = await TemplateEngine.LoadAsync(Suite.Template.Folder, CancellationToken.None);
        var files = await kit.RenderAsync($"--level {level} --ci {pipeline}");
        var expected = await skeleton.GenerateAsync(
            EveryCombination.ProjectName, AssignmentDefinition.FlagsOfHandout(level), CancellationToken.None);

        var handout = files.Where(file => file.Key.StartsWith("handout/", StringComparison.Ordinal))
            .ToDictionary(file => file.Key["handout/".Length..], file => file.Value);
        var added = handout.Keys.Where(path => FilesOfTheKit.Any(own => path.StartsWith(own, StringComparison.Ordinal))).ToArray();

        Assert.Equal(expected.Keys, handout.Keys.Except(added).Order(StringComparer.Ordinal));
        Assert.All(expected, file => Assert.Equal(Encoding.UTF8.GetString(file.Value), Encoding.UTF8.GetString(handout[file.Key])));
        Assert.Single(added, path => path.StartsWith(".git", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_token_is_left_in_any_domain_variant_or_policy()
    {
        using var kit = await AssignmentEngine.LoadAsync();
        IEnumerable<Draw> draws =
            [.. AssignmentDraws.ByLevel, .. AssignmentDraws.ByDomain, .. AssignmentDraws.ByUnits, .. AssignmentDraws.ByTens];
        string[] tokens = [.. draws.Select(draw => draw.Token)];
        var problems = new List<string>();
        for (var variant = 0; variant < 100; variant += 11)
        {
            var (level, domain) = (AssignmentDraws.Levels[variant / 11 % 3], AssignmentDraws.Domains[variant % 4]);
            var tools = ((string[])["allowed", "disclosed", "none"])[variant % 3];
            foreach (var (path, content) in await kit.RenderAsync($"--level {level} --domain {domain} --variant {variant} --tools {tools}"))
            {
                var text = path + "\n" + Encoding.UTF8.GetString(content);
                problems.AddRange(tokens.Where(token => text.Contains(token, StringComparison.Ordinal)
                        && !AssignmentDraws.Of(level, domain, variant).Any(draw => draw.Token == token && draw.Value == token))
                    .Select(token => $"{domain} {variant}: {path} contains {token}"));
                if (!path.StartsWith("handout/docs/", StringComparison.Ordinal)
                    && !path.StartsWith("handout/scripts/", StringComparison.Ordinal)
                    && !path.StartsWith("handout/src/", StringComparison.Ordinal)
                    && !path.StartsWith("handout/tests/", StringComparison.Ordinal))
                {
                    problems.AddRange(Mechanics().Matches(text).Select(match => $"{domain} {variant}: {path} contains {match.Value}"));
                }
            }
        }

        Problems.AssertNone(problems);
    }

    [Theory]
    [InlineData("junior")]
    [InlineData("mid")]
    [InlineData("senior")]
    public async Task A_variant_draws_the_same_limits_for_brief_contract_checks_and_reference(string level)
    {
        using var kit = await AssignmentEngine.LoadAsync();
        foreach (var variant in (int[])[0, 4, 17, 99])
        {
            var files = await kit.RenderAsync($"--level {level} --variant {variant}");
            string Text(string path) => Encoding.UTF8.GetString(files[path]);
            var draws = AssignmentDraws.Of(level, "orders", variant).ToDictionary(draw => draw.Token, draw => draw.Value);
            var characters = level == "senior" ? "[0-9A-Z]" : "[0-9]";
            var pattern = $"\"^{draws["%prefix%"]}-{characters}{{{draws["%digits%"]}}}$\"";
            var model = Text("review/reference/src/Acme.Shop/Models/Order.cs");

            Assert.Contains($"1 to {draws["%max quantity%"]})", Text("handout/ASSIGNMENT.md"), StringComparison.Ordinal);
            Assert.Contains($"maximum: {draws["%max quantity%"]} }}", Text("handout/contract.yaml"), StringComparison.Ordinal);
            Assert.Contains($"MaxQuantity = {draws["%max quantity%"]};", Text("handout/checks/client.cs"), StringComparison.Ordinal);
            Assert.Contains($"MaxQuantity = {draws["%max quantity%"]};", model, StringComparison.Ordinal);
            Assert.Contains(pattern, Text("handout/contract.yaml"), StringComparison.Ordinal);
            Assert.Contains(pattern, model, StringComparison.Ordinal);
            Assert.Equal(draws["%first number%"].Length.ToString(System.Globalization.CultureInfo.InvariantCulture), draws["%digits%"]);
            Assert.True(int.Parse(draws["%default page size%"], null) < int.Parse(draws["%max page size%"], null));
        }
    }

    [Theory]
    [InlineData("junior")]
    [InlineData("mid")]
    [InlineData("senior")]
    public async Task The_assignment_states_the_points_of_the_checks(string level)
    {
        using var kit = await AssignmentEngine.LoadAsync();
        var files = await kit.RenderAsync($"--level {level}");
        int PointsIn(string path) =>
            CheckPoints().Matches(Encoding.UTF8.GetString(files[path])).Sum(match => int.Parse(match.Groups[1].Value, null));
        var brief = Encoding.UTF8.GetString(files["handout/ASSIGNMENT.md"]);

        Assert.Contains($"The checks have {PointsIn("handout/checks/checks.cs")} points", brief, StringComparison.Ordinal);
        Assert.Contains($"with {PointsIn("review/hidden/hidden.cs")} more points", brief, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("junior")]
    [InlineData("mid")]
    [InlineData("senior")]
    public async Task Its_own_code_has_no_long_line(string level)
    {
        using var kit = await AssignmentEngine.LoadAsync();
        var files = await kit.RenderAsync($"--level {level} --domain bookings");

        Problems.AssertNone([.. files
            .Where(file => file.Key.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => file.Key.StartsWith("review/", StringComparison.Ordinal)
                || file.Key.StartsWith("handout/checks/", StringComparison.Ordinal))
            .SelectMany(file => Encoding.UTF8.GetString(file.Value).Split('\n')
                .Where(line => line.Length > 140).Select(line => $"{file.Key}: {line.Trim()}"))]);
    }

    [Fact]
    public void Every_text_is_there_in_English_and_in_German()
    {
        var strings = new TemplateStrings(AssignmentDefinition.Folder);
        string[] languages = ["en", "de"];
        foreach (var language in Suite.Approving ? languages : [])
        {
            strings.Update(language);
        }

        Problems.AssertNone([.. languages.SelectMany(strings.Problems)], "./test.sh approve adds what is missing, in English:");
    }

    [Fact]
    public async Task The_engine_has_nothing_to_remark()
    {
        var (findings, _) = await OfficialValidation.ScanAsync(Path.Combine(AssignmentDefinition.Folder, ".."), CancellationToken.None);

        Problems.AssertNone([.. findings.Except(OfficialValidation.Accepted)]);
    }

    [GeneratedRegex(@"[Gg]adget|[Kk]eeper|(First|Second|Last)State|%[a-z]{3,}[a-z ]*%|#if|#endif|interview-api|Interview\.Api|InterviewApi")]
    private static partial Regex Mechanics();

    [GeneratedRegex(@"CheckAsync\(""[^""]+"", (\d+),")]
    private static partial Regex CheckPoints();
}
