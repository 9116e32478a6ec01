using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>
/// The pack as an earlier version had it. Before a version is published, that is this pack without one change of each kind that
/// a version makes: a line that is new, changed or moved, a file that is new, renamed or gone, a newer package.
/// </summary>
internal static partial class EarlierPack
{
    public const string Version = "0.9.0";

    private const string Base = "templates/interview-api/base/";
    private const string Web = $"{Base}src/Interview.Api/";
    private const string Support = $"{Base}tests/Interview.Api.Tests/Support/";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly (string Path, string Now, string Before)[] Changes =
    [
        ($"{Web}Program.cs", "app.UseMiddleware<QueryParameterMiddleware>();\n", ""),
        (
            $"{Web}Program.cs", "builder.Services.AddApi();\nbuilder.Services.AddApiDocs();\n",
            "builder.Services.AddApiDocs();\nbuilder.Services.AddApi();\n"),
        ($"{Web}Program.cs", "TimeSpan.FromDays(365)", "TimeSpan.FromDays(180)"),
        ($"{Web}Api/V2/ApiV2.cs", "Version 2 of the API, the current version.", "Version 2 of the API."),
        ($"{Web}Dependencies/HealthDependencies.cs", "TimeSpan.FromSeconds(2)", "TimeSpan.FromSeconds(5)"),
        ($"{Web}appsettings.json", "      \"Microsoft.AspNetCore.Http.Timeouts\": \"Error\",\n", ""),
        ($"{Base}Directory.Packages.props", "AspNetCore\" Version=\"1.20.2\"", "AspNetCore\" Version=\"1.20.1\""),
        ($"{Base}scripts/regenerate.sh", "# Turns options on or off, or adopts", "# Turns options on and off, or adopts"),
        ($"{Base}README.md", "`Program.cs` is the table of contents: first", "`Program.cs` is a table of contents: first"),
    ];

    private static readonly Lazy<Task<TemporaryFolder>> Written = new(WriteAsync);
    private static readonly Lazy<Task<string>> Packed = new(PackAsync);

    /// <summary>The folder of the template.</summary>
    public static async Task<string> TemplateAsync() => Path.Combine((await Written.Value).Path, "templates", "interview-api");

    /// <summary>The path of the package.</summary>
    public static Task<string> PackageAsync() => Packed.Value;

    private static async Task<TemporaryFolder> WriteAsync()
    {
        var folder = new TemporaryFolder("earlier");
        string[] listing = [
            "-c", "core.quotepath=off", "ls-files", "--", "templates", "TemplatePack.csproj", "Directory.Build.props",
            "Directory.Packages.props", "README.md", "CHANGELOG.md", "global.json"];
        var tracked = (await Cli.RunAsync("git", SdkAssemblies.RepositoryRoot, Patience, listing)).EnsureSucceeded().Output;
        foreach (var path in tracked.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, path))!);
            File.Copy(Path.Combine(SdkAssemblies.RepositoryRoot, path), Path.Combine(folder.Path, path));
        }

        foreach (var (path, now, before) in Changes)
        {
            var file = Path.Combine(folder.Path, path);
            var text = await File.ReadAllTextAsync(file);
            Assert.True(
                text.Contains(now, StringComparison.Ordinal), $"{path} has no '{now}': name another change in {nameof(EarlierPack)}.");
            await File.WriteAllTextAsync(file, text.Replace(now, before, StringComparison.Ordinal));
        }

        var project = Path.Combine(folder.Path, $"{Web}Interview.Api.csproj");
        await File.WriteAllTextAsync(project, RecordedVersion().Replace(await File.ReadAllTextAsync(project), Version));
        File.Delete(Path.Combine(folder.Path, $"{Base}.vscode/extensions.json"));
        File.Move(Path.Combine(folder.Path, $"{Support}Rows.cs"), Path.Combine(folder.Path, $"{Support}TableRows.cs"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, $"{Base}docs/notes.md"), "# Notes\n");
        return folder;
    }

    private static async Task<string> PackAsync()
    {
        var folder = (await Written.Value).Path;
        (await Cli.RunAsync("git", folder, Patience, ["init", "--quiet"])).EnsureSucceeded();
        (await Cli.RunAsync("git", folder, Patience, ["add", "--all"])).EnsureSucceeded();
        var packages = Path.Combine(folder, "artifacts", "package");
        string[] pack = ["pack", "TemplatePack.csproj", "--output", packages, $"-p:Version={Version}"];
        (await Cli.DotnetAsync(folder, Patience, pack)).EnsureSucceeded();
        return Directory.EnumerateFiles(packages, "*.nupkg").Single();
    }

    [GeneratedRegex("(?<=<TemplateVersion>)[^<]*")]
    private static partial Regex RecordedVersion();
}
