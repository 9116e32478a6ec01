using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>The page of a generated project that leads to its first resource, carried out to the letter.</summary>
internal sealed partial class FirstResource(GeneratedProject project)
{
    public const string Path = "docs/first-resource.md";

    private readonly Page _page = Page.Parse(Path, File.ReadAllText(System.IO.Path.Combine(project.Folder, Path)));

    /// <value>The commands between the code and the last <c>dotnet test</c>, as one script.</value>
    public string Commands => string.Join('\n', _page.Blocks.Where(block => block.Language == "sh").SelectMany(CommandLines.Of).Where(command => command != "dotnet test"));

    /// <summary>Writes each file that the page shows, and each line that it puts into one that is there.</summary>
    /// <returns>The paths, in the order of the page.</returns>
    public async Task<IReadOnlyList<string>> WriteCodeAsync()
    {
        var steps = Step().Matches(_page.Text);
        Assert.Equal(_page.Blocks.Count(block => block.Language == "csharp"), steps.Count);

        foreach (Match step in steps)
        {
            var path = System.IO.Path.Combine(project.Folder, step.Groups["path"].Value);
            var code = step.Groups["code"].Value;
            if (step.Groups["before"] is { Success: true, Value: var before })
            {
                code = Insert(await File.ReadAllTextAsync(path), code, before);
            }

            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, code);
        }

        return [.. steps.Select(step => step.Groups["path"].Value)];
    }

    private static string Insert(string file, string code, string before)
    {
        var at = file.IndexOf(before, StringComparison.Ordinal);
        Assert.True(at >= 0 && file.IndexOf(before, at + 1, StringComparison.Ordinal) < 0, $"'{before}' is not one place in\n{file}");
        at = file.LastIndexOf('\n', at) + 1;

        return file[..at] + code + file[at..];
    }

    // The last path of the paragraph before a block of C#, and the text before which the block belongs.
    [GeneratedRegex("`(?<path>[^`\n]+\\.cs)`(, before `(?<before>[^`\n]+)`)?[^`\n]*(`ApiFactory`[^`\n]*)?\n\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Step();
}
