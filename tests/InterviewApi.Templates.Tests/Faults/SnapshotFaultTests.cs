using System.Collections;
using System.Text;
using InterviewApi.Templates.Tests.Linting;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>A change of the output shows as lines, with the options that cause it; what leaks or is taken away is named.</summary>
[Trait("Level", "Faults")]
public sealed class SnapshotFaultTests : IDisposable
{
    private const string Program = "base/src/Interview.Api/Program.cs";
    private const string TemplateJson = ".template.config/template.json";

    private readonly string _folder = Directory.CreateTempSubdirectory("snapshots-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_approved_gives_back_every_byte_of_every_combination()
    {
        var approved = await ApproveFixtureAsync();
        var actual = new SnapshotStore(_folder).Read(approved.Space);

        Assert.Equal("", SnapshotComparison.Describe(approved, actual));
        foreach (var number in Enumerable.Range(0, approved.Space.Count))
        {
            Assert.Equal(approved.Project(number), actual.Project(number));
        }
    }

    [Fact]
    public async Task The_record_says_which_combinations_have_a_file_and_the_file_which_have_a_line()
    {
        await ApproveFixtureAsync();

        Assert.Equal(
            [
                ".editorconfig: always",
                "Acme.Shop.slnx: always",
                "Directory.Build.props: always",
                "Dockerfile: docker=true",
                "README.md: always: 2 renderings",
                "src/Acme.Shop/Acme.Shop.csproj: always",
                "src/Acme.Shop/AuthDependencies.cs: auth=jwt",
                "src/Acme.Shop/LogDependencies.cs: always",
                "src/Acme.Shop/Program.cs: always: 4 renderings",
                "src/Acme.Shop/RedisDependencies.cs: cache=redis",
            ],
            File.ReadLines(Path.Combine(_folder, "renderings.verified.txt")));
        Assert.Contains(
            "\n@@ auth=jwt\nbuilder.AddAuth();\n@@ cache=redis\nbuilder.AddRedis();\n@@ always\n",
            File.ReadAllText(Path.Combine(_folder, "src/Acme.Shop/Program.verified.cs")),
            StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder, ".editorconfig.verified.txt")));
    }

    [Theory]
    [InlineData("a\nb\n", "a\nc\n", "a\nb")]
    [InlineData("", "a", "\n")]
    [InlineData("{\n}\n", "{\n}\n{\n}\n", "}\n{\r\n", "\u00e9\u4e2d\n}")]
    public void Renderings_of_any_shape_are_read_back_as_they_were(params string[] contents)
    {
        var space = new OptionSpace([new TemplateOption("o", "o", ["0", "1", "2", "3", "absent"])]);
        var file = new RenderedFileBuilder(space.Count);
        foreach (var (number, content) in contents.Index())
        {
            file.Add(number, Encoding.UTF8.GetBytes(content));
        }

        var (written, present) = (
            file.Build(), new BitArray([.. Enumerable.Range(0, space.Count).Select(number => number < contents.Length)]));
        var read = SnapshotText.Read(space, present, SnapshotText.Write(space, written));

        Assert.Equal(written.Contents, read.Contents);
        Assert.Equal(written.RenderingOf, read.RenderingOf);
    }

    [Fact]
    public void A_line_that_looks_like_a_mark_is_refused()
    {
        var space = new OptionSpace([new TemplateOption("o", "o", ["0", "1"])]);
        var file = new RenderedFile(["a\n"u8.ToArray(), "@@ o=0\n"u8.ToArray()], [0, 1]);

        Assert.Contains(
            "@@ o=0", Assert.Throws<InvalidDataException>(() => SnapshotText.Write(space, file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_changed_by_hand_is_shown_as_a_change()
    {
        var actual = await ApproveFixtureAsync();
        var program = Path.Combine(_folder, "src/Acme.Shop/Program.verified.cs");
        File.WriteAllText(program, File.ReadAllText(program).Replace("@@ auth=jwt", "@@ cache=redis", StringComparison.Ordinal));

        Assert.Contains(
            "src/Acme.Shop/Program.cs in 2 of 12 combinations: auth=none cache=redis\n",
            SnapshotComparison.Describe(new SnapshotStore(_folder).Read(actual.Space), actual),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        TemplateJson, "\"condition\": \"(UseDocker)\"", "\"condition\": \"(!UseDocker)\"",
        "Dockerfile in 6 of 12 combinations: docker=true\n  (the file is gone)")]
    [InlineData(
        TemplateJson, ", \"condition\": \"(UseRedis)\"", "",
        "src/Acme.Shop/RedisDependencies.cs in 8 of 12 combinations: cache=local|none\n  (the file is new)")]
    [InlineData(
        Program, "#if (UseAuth)\nbuilder.AddAuth();\n#endif", "builder.AddAuth();",
        "src/Acme.Shop/Program.cs in 6 of 12 combinations: auth=none")]
    [InlineData(Program, "#if (UseAuth)\nbuilder.AddAuth();\n#endif", "builder.AddAuth();", "  + builder.AddAuth();\n")]
    [InlineData(Program, "builder.AddAuth();", "builder.AddAuths();", "  - builder.AddAuth();\n  + builder.AddAuths();\n")]
    public async Task A_change_is_shown_with_its_file_lines_and_options(string file, string text, string replacement, string message)
    {
        var approved = await ApproveFixtureAsync();
        using var template = new BrokenTemplate().Replace(file, text, replacement);
        var actual = await RenderAsync(template.Definition);

        Assert.Contains(message, SnapshotComparison.Describe(approved, actual), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_option_needs_no_change_of_the_harness()
    {
        var approved = await ApproveFixtureAsync();
        using var template = new BrokenTemplate()
            .Replace(TemplateJson, "\"UseAuth\": {", """
                "metrics": { "type": "parameter", "datatype": "bool", "description": "Counters.", "defaultValue": "true" },
                "UseMetrics": { "type": "computed", "value": "(metrics)" },
                "UseAuth": {
                """)
            .Replace(Program, "var app", "#if (UseMetrics)\nbuilder.Services.AddMetrics();\n\n#endif\nvar app");
        var actual = await RenderAsync(template.Definition);

        Assert.Equal(2 * approved.Space.Count, actual.Space.Count);
        Assert.Contains(
            "src/Acme.Shop/Program.cs in 12 of 24 combinations: metrics=true",
            SnapshotComparison.Describe(new SnapshotStore(_folder).Read(actual.Space), actual),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        Program, "#if (UseRedis)\nbuilder.AddRedis();\n#endif", "#if (!UseRedis)\nbuilder.AddLogs();\n#endif",
        "--cache redis takes from src/Acme.Shop/Program.cs: builder.AddLogs();")]
    [InlineData(
        TemplateJson, "\"condition\": \"(UseDocker)\"", "\"condition\": \"(!UseDocker)\"",
        "--docker true takes from Dockerfile: (the whole file)")]
    public async Task What_an_option_takes_away_is_named(string file, string text, string replacement, string message)
    {
        using var template = new BrokenTemplate().Replace(file, text, replacement);

        Assert.Contains(message, AdditiveCheck.Removals(await RenderAsync(template.Definition), AdditiveExceptions.None));
    }

    [Theory]
    [InlineData(
        "base/README.md", "Everything is tested.", "Everything is tested, Docker too.",
        "README.md names 'docker' without --docker true (docker=false): Everything is tested, Docker too.")]
    [InlineData(
        Program, "#if (UseAuth)\nbuilder.AddAuth();\n#endif", "_ = typeof(AuthDependencies);",
        "names 'AuthDependencies' without --auth jwt (auth=none cache=local|none): _ = typeof(AuthDependencies);")]
    public async Task A_line_that_leaks_into_the_off_state_is_named(string file, string text, string replacement, string message)
    {
        using var template = new BrokenTemplate().Replace(file, text, replacement);

        Assert.Contains(
            AdditiveCheck.Leaks(await RenderAsync(template.Definition), AdditiveExceptions.None),
            leak => leak.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_fixture_is_additive()
    {
        var table = await RenderAsync(TemplateDefinition.Load(BrokenTemplate.Fixture));

        Assert.Empty(AdditiveCheck.Removals(table, AdditiveExceptions.None));
        Assert.Empty(AdditiveCheck.Leaks(table, AdditiveExceptions.None));
    }

    private async Task<RenderingTable> ApproveFixtureAsync()
    {
        var table = await RenderAsync(TemplateDefinition.Load(BrokenTemplate.Fixture));
        new SnapshotStore(_folder).Approve(table);

        return table;
    }

    private static async Task<RenderingTable> RenderAsync(TemplateDefinition template) =>
        (await EveryCombination.RenderAsync(template, full: false, CancellationToken.None)).Table.Map(Scrubber.Scrub);
}
