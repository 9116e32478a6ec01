using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>The budget of conditional blocks in template content: few, never nested, around whole statements only.</summary>
internal static partial class ContentLint
{
    private const int MostInSwitchboard = 12;
    private const int MostInCode = 2;
    private const int MostElsewhere = 6;

    // Lists of everything there is: one block for each option, in a file that is read from top to bottom.
    private const int MostInInventory = 12;

    private static readonly string[] Switchboards = ["Program.cs", "Api/V1/ApiV1.cs", "Api/V2/ApiV2.cs", "Support/ApiFactory.cs"];

    private static readonly string[] Inventories = [
        "README.md", "compose.yaml", "kubernetes/base/deployment.yaml", "Directory.Packages.props", "Interview.Api.csproj",
        "AppDbContextModelSnapshot.cs", "20260101000200_CreateOutbox.Designer.cs"];

    public static IReadOnlyList<string> Check(TemplateDefinition template) =>
    [
        .. from path in Directory.EnumerateFiles(
            template.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
           let file = Path.GetRelativePath(template.Folder, path).Replace('\\', '/')
           where !file.StartsWith(".template.config", StringComparison.Ordinal) && !file.EndsWith(".png", StringComparison.Ordinal)
           from problem in CheckFile(file, File.ReadAllLines(path))
           select problem,
    ];

    private static bool IsOneOf(string[] names, string file) =>
        names.Any(name => ("/" + file).EndsWith("/" + name, StringComparison.Ordinal));

    private static IEnumerable<string> CheckFile(string file, string[] lines)
    {
        var directives = Directive.In(lines).ToList();
        var isCode = file.EndsWith(".cs", StringComparison.Ordinal);
        var most = IsOneOf(Switchboards, file) ? MostInSwitchboard
            : IsOneOf(Inventories, file) ? MostInInventory
            : isCode ? MostInCode
            : MostElsewhere;
        if (directives.Count(directive => directive.Keyword == "if") is var count && count > most)
        {
            yield return $"{file}: {count} conditional blocks, and {most} is the budget.";
        }

        Directive? open = null;
        foreach (var directive in directives)
        {
            if (directive.Keyword == "if" && open is not null)
            {
                yield return $"{file}:{directive.Line}: a conditional block inside another.";
            }

            if (directive.Keyword != "if" && open is null)
            {
                yield return $"{file}:{directive.Line}: #{directive.Keyword} without #if.";
            }

            if (isCode && open is not null && Breach(lines[open.Line..(directive.Line - 1)]) is { } breach)
            {
                yield return $"{file}:{open.Line}: the conditional block {breach}.";
            }

            open = directive.Keyword == "endif" ? null : directive;
        }

        if (open is not null)
        {
            yield return $"{file}:{open.Line}: #{open.Keyword} without #endif.";
        }
    }

    private static string? Breach(string[] block)
    {
        var code = block.Select(line => line.Trim()).Where(
            line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal)).ToArray();
        var text = string.Join('\n', code);

        return code switch
        {
            [] => "is empty",
            _ when code.Any(line => UsingDirective().IsMatch(line)) => "holds a using directive",
            _ when code[0][0] is '.' or ',' or ':' or '?' or ')' or '&' or '|' => "begins inside an expression",
            _ when code[^1][^1] is not (';' or '}') && !Initializer().IsMatch(code[^1]) => "does not end with a statement or a member",
            _ when text.Count(c => c == '{') != text.Count(c => c == '}') => "cuts through braces",
            _ when text.Count(c => c == '(') != text.Count(c => c == ')') => "cuts through parentheses",
            _ => null,
        };
    }

    [GeneratedRegex(@"^(global )?using (static )?[\w.]+( = .*)?;$")]
    private static partial Regex UsingDirective();

    // Of one member of a new object, as in the columns of a table.
    [GeneratedRegex(@"^\w+ = .+,$")]
    private static partial Regex Initializer();
}
