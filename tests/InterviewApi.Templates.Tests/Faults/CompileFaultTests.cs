using InterviewApi.Templates.Tests.Compiling;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Faults;

/// <summary>What does not compile, or compiles with a warning, in some combinations only is named with them.</summary>
[Trait("Level", "Faults")]
public sealed class CompileFaultTests
{
    private const string Program = "base/src/Interview.Api/Program.cs";

    [Fact]
    public async Task The_fixture_compiles_once_for_each_distinct_set_of_sources()
    {
        var (compilations, problems) = await DiagnoseAsync(TemplateDefinition.Load(BrokenTemplate.Fixture));

        // With and without accounts, with and without Redis; the Dockerfile is not code.
        Assert.Empty(problems);
        Assert.Equal(4, compilations);
    }

    [Theory]
    [InlineData(
        Program, "#if (UseRedis)\nbuilder.AddRedis();\n#endif", "builder.AddRedis();", "src/Acme.Shop/Program.cs(7,9): CS1061:",
        "(auth=jwt cache=local|none)")]
    [InlineData(
        Program, "using InterviewApi.Dependencies;\n", "using System.Text;\nusing InterviewApi.Dependencies;\n",
        "src/Acme.Shop/Program.cs(1,1): IDE0005:", "(always)")]
    [InlineData(
        "options/redis/src/Interview.Api/RedisDependencies.cs", "namespace", "using System.Text;\n\nnamespace",
        "src/Acme.Shop/RedisDependencies.cs(1,1): IDE0005:", "(cache=redis)")]
    [InlineData(
        "options/auth/src/Interview.Api/AuthDependencies.cs", "builder.Services.AddAuthorization();",
        "builder.Services.AddAuthorization(options => options.ToString().ToLower());", "src/Acme.Shop/AuthDependencies.cs", "(auth=jwt)")]
    public async Task A_finding_is_named_with_its_file_and_options(
        string file, string text, string replacement, string place, string condition)
    {
        using var template = new BrokenTemplate().Replace(file, text, replacement);
        var (_, problems) = await DiagnoseAsync(template.Definition);

        Assert.Contains(
            problems,
            problem => problem.StartsWith(place, StringComparison.Ordinal) && problem.EndsWith(condition, StringComparison.Ordinal));
    }

    private static async Task<(int Compilations, IReadOnlyList<string> Problems)> DiagnoseAsync(TemplateDefinition template)
    {
        var table = (await EveryCombination.RenderAsync(template, full: false, CancellationToken.None)).Table;
        return await EveryCompilation.DiagnoseAsync(table, CancellationToken.None);
    }
}
