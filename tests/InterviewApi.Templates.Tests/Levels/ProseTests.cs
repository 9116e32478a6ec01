using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The linters that people use for Markdown and for spelling, which come from npm, and the words of the field instead of a dialect.
/// </summary>
[Trait("Level", "Prose")]
public sealed class ProseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public Task Markdown_has_no_flaw()
    {
        Requires.Programs("npx");
        return LintAsync("markdownlint-cli2@0.22.1");
    }

    [Fact]
    public Task Every_word_is_American_English()
    {
        Requires.Programs("npx");
        return LintAsync(
            "cspell@9.8.0", "lint", "--no-progress", "--quiet", "--dot", "*.md", "docs/**/*.md", ".github/**/*.md", "templates/**/*.md");
    }

    [Fact]
    public void Every_sentence_is_that_of_the_dotnet_documentation()
    {
        var phrases = File.ReadLines(Path.Combine(Suite.ProjectFolder, "phrases.txt"))
            .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(" | "))
            .Select(parts => (Pattern: new Regex(parts[0], RegexOptions.IgnoreCase), Instead: parts[1])).ToArray();

        Problems.AssertNone(
        [
            .. from file in ((string[])["README.md", "CONTRIBUTING.md", "SECURITY.md", .. Files("docs"), .. Files("templates")]).Distinct()
               from line in File.ReadLines(Path.Combine(SdkAssemblies.RepositoryRoot, file)).Index()
               from phrase in phrases
               where phrase.Pattern.IsMatch(line.Item)
               select $"{file}:{line.Index + 1}: '{phrase.Pattern.Match(line.Item).Value}': {phrase.Instead}.",
        ]);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(
            Path.Combine(SdkAssemblies.RepositoryRoot, folder), "*", new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = 0,
            })
            .Where(file => !file.EndsWith(".png", StringComparison.Ordinal))
                .Select(file => Path.GetRelativePath(SdkAssemblies.RepositoryRoot, file));

    private static async Task LintAsync(params string[] command) =>
        (await Cli.RunAsync("npx", SdkAssemblies.RepositoryRoot, Patience, ["--yes", .. command])).EnsureSucceeded();
}
