using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The app host that the page about Aspire shows compiles, at the place in a project that the page names.</summary>
[Trait("Level", "Docs")]
public sealed class AspireTests
{
    [Fact]
    public async Task The_app_host_of_the_page_compiles()
    {
        var combination = Suite.Template.Space.FirstWith(("database", "postgres"), ("cache", "redis"));
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync("Acme.Shop", combination);
        var text = await File.ReadAllTextAsync(Path.Combine(project.Folder, "docs", "aspire.md"));
        var code = Page.Parse("docs/aspire.md", text).Blocks[0].Text;
        Assert.Contains("src/Acme.Shop/Acme.Shop.csproj", code, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(project.Folder, "src", "Acme.Shop", "Acme.Shop.csproj")));
        await File.WriteAllTextAsync(Path.Combine(project.Folder, "apphost.cs"), code);

        // A feed that lacks a version of a dependency has a newer one, which is worth a warning.
        (
            await Cli.DotnetAsync(
                project.Folder, TimeSpan.FromMinutes(10),
                ["build", "apphost.cs", "-p:NuGetAudit=false", "-p:TreatWarningsAsErrors=false"])).EnsureSucceeded();
    }
}
