using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using InterviewApi.Templates.Tests.Documents;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The package holds what Git tracks, and installs.</summary>
[Trait("Level", "Package")]
public sealed class PackageTests
{
    [Fact]
    public async Task The_package_holds_every_tracked_file_of_the_templates_and_nothing_else()
    {
        using var package = await ZipFile.OpenReadAsync(await TemplatePackage.PathAsync());
        var packed = package.Entries.Select(entry => Uri.UnescapeDataString(entry.FullName))
            .Where(name => name.StartsWith("content/", StringComparison.Ordinal)).Select(name => name["content/".Length..])
                .Order(StringComparer.Ordinal);
        var tracked = await Cli.RunAsync(
            "git", SdkAssemblies.RepositoryRoot, TimeSpan.FromMinutes(1), ["-c", "core.quotepath=off", "ls-files", "--", "templates"]);
        var expected = tracked.EnsureSucceeded().Output.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToArray();

        Assert.Contains("templates/interview-api/.template.config/template.json", expected);
        Assert.Contains("templates/interview-api/base/.gitignore", expected);
        Assert.Equal(expected, packed);
        Assert.DoesNotContain(package.Entries, entry => entry.FullName.EndsWith(".dll", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_manifest_says_what_the_package_is()
    {
        using var package = await ZipFile.OpenReadAsync(await TemplatePackage.PathAsync());
        await using var stream = await package.GetEntry("InterviewApi.Templates.nuspec")!.OpenAsync();
        var metadata = (await XDocument.LoadAsync(stream, LoadOptions.None, CancellationToken.None)).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.Equal("InterviewApi.Templates", Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.Contains($"## {Value("version")}", Value("releaseNotes"), StringComparison.Ordinal);
        Assert.Contains("packageType name=\"Template\"", metadata.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(metadata.Elements(), element => element.Name.LocalName == "dependencies");
        Assert.NotNull(package.GetEntry("icon.png"));
        Assert.NotNull(package.GetEntry("README.md"));
    }

    [Fact]
    public async Task The_engine_has_nothing_to_remark_about_the_package()
    {
        var (findings, languages) = await OfficialValidation.ScanAsync(await TemplatePackage.PathAsync(), CancellationToken.None);

        Assert.Equal(["de", "en"], languages);
        Problems.AssertNone([.. findings.Except(OfficialValidation.Accepted)]);
    }

    [Fact]
    public async Task A_package_of_the_workflow_names_its_repository()
    {
        var environment = new Dictionary<string, string>
        {
            ["GITHUB_SERVER_URL"] = "https://github.example",
            ["GITHUB_REPOSITORY"] = "acme/templates",
        };
        string[] names = ["PackageProjectUrl", "RepositoryUrl", "RepositoryType"];
        var properties = (await Cli.DotnetAsync(
            SdkAssemblies.RepositoryRoot, TimeSpan.FromMinutes(1), [
                "msbuild", "TemplatePack.csproj", .. names.Select(name => $"-getProperty:{name}")], environment)).EnsureSucceeded();

        Assert.Contains("\"PackageProjectUrl\": \"https://github.example/acme/templates\"", properties.Output, StringComparison.Ordinal);
        Assert.Contains("\"RepositoryUrl\": \"https://github.example/acme/templates.git\"", properties.Output, StringComparison.Ordinal);
        Assert.Contains("\"RepositoryType\": \"git\"", properties.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_readme_of_the_package_has_no_link_that_leads_nowhere()
    {
        using var package = await ZipFile.OpenReadAsync(await TemplatePackage.PathAsync());
        using var reader = new StreamReader(await package.GetEntry("README.md")!.OpenAsync());
        var packed = Page.Parse("README.md", await reader.ReadToEndAsync());
        var original = Pages.Get("README.md");

        Assert.Contains(original.Links, link => link.EndsWith(".png", StringComparison.Ordinal));
        Assert.Equal(original.Links.Where(link => link.StartsWith("https://", StringComparison.Ordinal)), packed.Links);
        Assert.Equal(original.Anchors, packed.Anchors);
        Assert.Equal(original.Blocks.Select(block => block.Text), packed.Blocks.Select(block => block.Text));
    }

    [Fact]
    public async Task An_untracked_file_stops_the_packing_by_name()
    {
        var clone = new TemporaryFolder("untracked").Path;
        foreach (var file in (string[])[
            "TemplatePack.csproj", "Directory.Build.props", "Directory.Packages.props", "README.md", "CHANGELOG.md", "global.json"])
        {
            File.Copy(Path.Combine(SdkAssemblies.RepositoryRoot, file), Path.Combine(clone, file));
        }

        var pack = (string[])["pack", "TemplatePack.csproj"];
        var noRepository = await Cli.DotnetAsync(
            clone, TimeSpan.FromMinutes(2), pack, new Dictionary<string, string> { ["GIT_CEILING_DIRECTORIES"] = Path.GetTempPath() });
        Assert.Contains("'git ls-files' failed", noRepository.EnsureFailed().Output, StringComparison.Ordinal);

        Directory.CreateDirectory(Path.Combine(clone, "templates"));
        await File.WriteAllTextAsync(Path.Combine(clone, "templates", "tracked.txt"), "text\n", Encoding.UTF8);
        (await Cli.RunAsync("git", clone, TimeSpan.FromMinutes(1), ["init", "--quiet"])).EnsureSucceeded();
        (await Cli.RunAsync("git", clone, TimeSpan.FromMinutes(1), ["add", "templates/tracked.txt"])).EnsureSucceeded();
        await File.WriteAllTextAsync(Path.Combine(clone, "templates", "stray.txt"), "text\n", Encoding.UTF8);

        var untracked = await Cli.DotnetAsync(clone, TimeSpan.FromMinutes(2), pack);
        Assert.Contains("Git does not track templates/stray.txt", untracked.EnsureFailed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_installed_template_shows_every_flag_with_its_description()
    {
        var hive = await TemplateHive.InstalledAsync();
        var help = (await hive.NewAsync(Suite.Template.ShortName, "--help")).EnsureSucceeded();
        var text = string.Join(' ', help.Output.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

        foreach (var (symbol, declaration) in Suite.Template.Parameters())
        {
            Assert.Contains("--" + Suite.Template.Flag(symbol), text, StringComparison.Ordinal);
            Assert.Contains((string)declaration!["description"]!, text, StringComparison.Ordinal);
            if ((string?)Suite.Template.CommandLine["symbolInfo"]?[symbol]?["shortName"] is { Length: > 0 } alias)
            {
                Assert.Contains($"-{alias}, --{Suite.Template.Flag(symbol)} ", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_value_that_a_flag_does_not_have_is_refused_by_name()
    {
        var hive = await TemplateHive.InstalledAsync();
        foreach (var option in Suite.Template.Options)
        {
            var refused = await hive.NewAsync(
                Suite.Template.ShortName, "--name", "Refused", "--output", new TemporaryFolder("refused").Path, "--" + option.Flag,
                "nonsense");

            Assert.Contains("nonsense", refused.EnsureFailed().Output, StringComparison.Ordinal);
            Assert.True(option.IsBoolean || refused.Output.Contains("--" + option.Flag, StringComparison.Ordinal), refused.Output);
        }
    }
}
