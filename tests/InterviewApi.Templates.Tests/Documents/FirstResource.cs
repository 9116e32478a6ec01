using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>The page of a generated project that leads to its first resource. Its code and its types come from the item.</summary>
internal static partial class FirstResource
{
    public const string Path = "docs/first-resource.md";

    public static string Source { get; } = System.IO.Path.Combine(Suite.Template.Folder, "base", Path);

    /// <summary>The commands of a project's page, as one script.</summary>
    public static string CommandsOf(GeneratedProject project) =>
        string.Join(
            '\n',
            Page.Parse(Path, File.ReadAllText(System.IO.Path.Combine(project.Folder, Path)))
            .Blocks.Where(block => block.Language == "sh")
            .SelectMany(CommandLines.Of));

    /// <summary>The page of the template with the code and the types as they are now.</summary>
    public static async Task<string> RegenerateAsync()
    {
        var page = await File.ReadAllTextAsync(Source);
        var command = Command().Match(page).Groups["command"].Value;
        using var engine = await ResourceEngine.LoadAsync(new ProjectProperties("InterviewApi", ""));
        var files = (await engine.RenderAsync(command))
            .ToDictionary(file => file.Key.Split("/src/")[^1].Split('/', 3)[^1], file => Encoding.UTF8.GetString(file.Value));
        page = Code().Replace(page, block => $"{block.Groups["before"].Value}```csharp\n{files[block.Groups["path"].Value]}```");
        var types = FieldType.All.Select(
            type =>
                $"| `{type.Shown}` | `{type.ShownClr}` | {type.Summary.Replace("One of {a}", "One of its names", StringComparison.Ordinal)} |\n");

        return Types().Replace(page, $"| Type | C# | JSON |\n|---|---|---|\n{string.Concat(types)}");
    }

    [GeneratedRegex("(?m)^dotnet new interview-resource --name (?<command>.*?) --output")]
    private static partial Regex Command();

    // A block below a paragraph that begins with the path of a file.
    [GeneratedRegex("(?<before>(?m)^[^\n]*`src/Interview\\.Api/(?<path>[^`\n]+)`[^\n]*:\n\n)```csharp\n.*?```", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\| Type \| C# \| JSON \|\n(\|.*\n)*")]
    private static partial Regex Types();
}
