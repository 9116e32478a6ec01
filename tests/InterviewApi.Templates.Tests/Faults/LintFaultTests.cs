using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Linting;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>The lint finds each deliberate fault, and nothing in the template without one.</summary>
[Trait("Level", "Faults")]
public sealed class LintFaultTests
{
    private const string TemplateJson = ".template.config/template.json";
    private const string Program = "base/src/Interview.Api/Program.cs";

    [Fact]
    public async Task The_fixture_has_no_fault()
    {
        var template = TemplateDefinition.Load(BrokenTemplate.Fixture);
        var table = (await EveryCombination.RenderAsync(template, full: false, CancellationToken.None)).Table;

        Assert.Equal(["auth", "cache", "docker"], template.Options.Select(option => option.Flag));
        Assert.Equal(12, template.Space.Count);
        Assert.Empty(new TemplateLint(template).Check());
        Assert.Empty(ContentLint.Check(template));
        Assert.Empty(OutputLint.Check(template, table));
    }

    [Theory]
    [InlineData("./options/redis/", "./options/rediss/", "the source 'options/rediss/' has no file")]
    [InlineData(
        "\"condition\": \"(UseRedis)\"", "\"condition\": \"(UseRedis)\", \"exclude\": [\"**/Old*.cs\"]",
        "'**/Old*.cs' of the source 'options/redis/' matches no file")]
    [InlineData("\"condition\": \"(UseRedis)\"", "\"condition\": \"(UseValkey)\"", "undeclared symbol 'UseValkey'")]
    [InlineData("\"condition\": \"(UseRedis)\"", "\"condition\": \"(UseRedis}\"", "'(UseRedis}' is not in parentheses")]
    [InlineData(
        "\"UseDocker\": {", "\"UseNobody\": { \"type\": \"computed\", \"value\": \"(docker)\" }, \"UseDocker\": {",
        "'UseNobody' is used by no condition")]
    [InlineData(
        "\"description\": \"In Redis.\"", "\"description\": \"\"", "the choice 'redis' of the parameter 'cache' has no description")]
    [InlineData(
        "\"postActions\"", "\"primaryOutputs\": [ { \"path\": \"Gone.slnx\" } ], \"postActions\"", "'Gone.slnx' is no file of a source")]
    public void A_fault_in_the_configuration_is_named(string text, string replacement, string message)
    {
        using var template = new BrokenTemplate().Replace(TemplateJson, text, replacement);

        Assert.Contains(new TemplateLint(template.Definition).Check(), problem => problem.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dotnetcli.host.json", "\"longName\": \"cache\"", "\"longName\": \"Cache\"", "'cache' needs a longName in kebab case")]
    [InlineData("ide.host.json", "\"id\": \"cache\"", "\"id\": \"store\"", "the option 'cache' is not visible")]
    [InlineData("ide.host.json", "\"id\": \"cache\"", "\"id\": \"store\"", "name 'store', which is no parameter")]
    [InlineData(
        "ide.host.json", "\"symbolInfo\"", "\"disableHttpsSymbol\": \"true\", \"symbolInfo\"", "name 'true', which is no parameter")]
    [InlineData(
        "dotnetcli.host.json", "\"cache\", \"shortName\": \"\"", "\"cache\", \"shortName\": \"o\"",
        "the alias '-o' is given twice, or taken")]
    [InlineData(
        "dotnetcli.host.json", "\"cache\", \"shortName\": \"\"", "\"cache\", \"shortName\": \"cache\"",
        "a shortName, empty or of one or two letters")]
    public void A_fault_in_a_host_file_is_named(string file, string text, string replacement, string message)
    {
        using var template = new BrokenTemplate().Replace(".template.config/" + file, text, replacement);

        Assert.Contains(new TemplateLint(template.Definition).Check(), problem => problem.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"shortName\"", "\"shortNames\"", "Error MV003")]
    [InlineData("./options/redis/", "./options/rediss/", "Error MV012")]
    public async Task A_fault_that_the_engine_finds_is_named(string text, string replacement, string message)
    {
        using var template = new BrokenTemplate().Replace(TemplateJson, text, replacement);
        var (findings, _) = await OfficialValidation.ScanAsync(template.Folder, CancellationToken.None);

        Assert.Contains(findings, finding => finding.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_that_is_not_translated_is_named()
    {
        using var template = new BrokenTemplate();
        var strings = new TemplateStrings(template.Definition.Folder);
        Assert.Contains("templatestrings.de.json: has not exactly the texts of template.json in their order.", strings.Problems("de"));

        strings.Update("en");
        strings.Update("de");
        Assert.Empty(strings.Problems("en"));
        Assert.Contains(
            "templatestrings.de.json: 'symbols/cache/choices/redis/description' is not translated: In Redis.", strings.Problems("de"));

        template.Replace(".template.config/localize/templatestrings.en.json", "In Redis.", "Elsewhere.");
        Assert.Contains(
            "templatestrings.en.json: 'symbols/cache/choices/redis/description' is not the text of template.json: Elsewhere.",
            strings.Problems("en"));
    }

    [Fact]
    public void A_file_outside_every_source_is_named()
    {
        using var template = new BrokenTemplate().Add("options/forgotten.txt", "text\n");

        Assert.Contains("options/forgotten.txt: no source of template.json contains it.", new TemplateLint(template.Definition).Check());
    }

    [Theory]
    [InlineData(
        "builder.AddAuth();\n#endif", "builder.AddAuth();\n#if (UseDocker)\nbuilder.AddLogs();\n#endif\n#endif",
        "a conditional block inside another")]
    [InlineData("builder.AddRedis();\n#endif", "builder.AddRedis();", "without #endif")]
    [InlineData("builder.AddAuth();", "builder.AddAuth(", "does not end with a statement")]
    [InlineData("builder.AddAuth();", "    .AddAuth();", "begins inside an expression")]
    [InlineData("builder.AddAuth();", "using System.Text;", "holds a using directive")]
    [InlineData("builder.AddAuth();", "if (true) { builder.AddAuth();", "cuts through braces")]
    public void A_conditional_block_that_breaks_the_rules_is_named(string text, string replacement, string message)
    {
        using var template = new BrokenTemplate().Replace(Program, text, replacement);

        Assert.Contains(
            ContentLint.Check(template.Definition),
            problem => problem.StartsWith(Program, StringComparison.Ordinal) && problem.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_budget_that_is_exceeded_is_named()
    {
        var block = "#if (UseAuth)\n// text\nreturn;\n#endif\n";
        using var template = new BrokenTemplate().Add("base/src/Interview.Api/Many.cs", block + block + block);

        Assert.Contains(
            "base/src/Interview.Api/Many.cs: 3 conditional blocks, and 2 is the budget.", ContentLint.Check(template.Definition));
    }

    [Theory]
    [InlineData(
        "builder.AddRedis();", "builder.AddRedis(); ",
        "src/Acme.Shop/Program.cs:7: white space at its end: builder.AddRedis(); (auth=jwt cache=redis)")]
    [InlineData(
        "builder.AddRedis();", "builder.AddRedis(); // interview-API InterviewAPI Interview.Apis", "src/Acme.Shop/Program.cs", false)]
    [InlineData(
        "builder.AddRedis();\n", "builder.AddRedis();\n\n", "src/Acme.Shop/Program.cs:9: a blank line too many (auth=jwt cache=redis)")]
    [InlineData("builder.AddRedis();", "builder.AddRedis(); // :noEmit", "a directive of the template")]
    [InlineData("await app.RunAsync();\n", "await app.RunAsync();", "src/Acme.Shop/Program.cs: does not end with a newline")]
    [InlineData("builder.AddLogs();\n", "builder.AddLogs();\r\n", "src/Acme.Shop/Program.cs: has a carriage return")]
    [InlineData("using InterviewApi", "\uFEFFusing InterviewApi", "src/Acme.Shop/Program.cs: begins with a byte order mark")]
    public async Task A_flaw_of_the_output_is_named_with_its_options(string text, string replacement, string message, bool found = true)
    {
        using var template = new BrokenTemplate().Replace(Program, text, replacement);
        var table = (await EveryCombination.RenderAsync(template.Definition, full: false, CancellationToken.None)).Table;
        var problems = OutputLint.Check(template.Definition, table);

        Assert.Equal(found, problems.Any(problem => problem.Contains(message, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(".env.example", "#if (UseAuth)\nKEY=\n#endif\n", ".env.example:1: a directive of the template: #if (UseAuth) (always)")]
    [InlineData("settings.json", "{ \"a\": 1, }\n", "settings.json: ")]
    public async Task A_file_type_that_the_engine_does_not_process_as_meant_is_named(string file, string content, string message)
    {
        using var template = new BrokenTemplate().Add("base/" + file, content);
        var table = (await EveryCombination.RenderAsync(template.Definition, full: false, CancellationToken.None)).Table;

        Assert.Contains(OutputLint.Check(template.Definition, table), problem => problem.StartsWith(message, StringComparison.Ordinal));
    }
}
