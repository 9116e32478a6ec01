using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The linters that people use for Markdown and for spelling, over the pages of the pack and the template. They come from npm.</summary>
[Trait("Level", "Prose")]
public sealed class ProseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [ProgramsFact("npx")]
    public Task Markdown_has_no_flaw() => LintAsync("markdownlint-cli2@0.22.1");

    [ProgramsFact("npx")]
    public Task Every_word_is_American_English() =>
        LintAsync("cspell@9.8.0", "lint", "--no-progress", "--quiet", "--dot", "*.md", "docs/**/*.md", ".github/**/*.md", "templates/**/*.md");

    private static async Task LintAsync(params string[] command) =>
        (await Cli.RunAsync("npx", SdkAssemblies.RepositoryRoot, Patience, ["--yes", .. command])).EnsureSucceeded();
}
