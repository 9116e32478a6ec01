using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>The pages of the repository that people read.</summary>
internal static class Pages
{
    private static readonly string Root = Path.GetFullPath(SdkAssemblies.RepositoryRoot);

    private static readonly Lazy<IReadOnlyList<Page>> Loaded = new(() =>
        [
            .. Directory.EnumerateFiles(Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Select(file => Page.Parse(Relative(file), File.ReadAllText(file)))]);

    public static IReadOnlyList<Page> All => Loaded.Value;

    public static Page Get(string path) => All.Single(page => page.Path == path);

    /// <summary>Whether the repository has this file or folder.</summary>
    public static bool Exists(string path) =>
        Path.GetFullPath(Path.Combine(Root, path)) is var full
        && full.StartsWith(Root, StringComparison.Ordinal)
        && (File.Exists(full) || Directory.Exists(full));

    /// <summary>Everything that Git tracks.</summary>
    public static async Task<SubPaths> RepositoryAsync()
    {
        var tracked = await Cli.RunAsync("git", Root, TimeSpan.FromMinutes(1), ["-c", "core.quotepath=off", "ls-files"]);

        return new SubPaths(tracked.EnsureSucceeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');
}
