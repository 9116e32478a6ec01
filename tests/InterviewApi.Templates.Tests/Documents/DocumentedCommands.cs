using System.Reflection;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>
/// Which test runs which command of the pages, or why none does: <c>documented-commands.txt</c>. Its headings are
/// <c>## Run by Class.Method</c> or <c>## Not run: reason</c>; in its lines … stands for any characters.
/// </summary>
internal sealed partial class DocumentedCommands
{
    private static readonly Lazy<DocumentedCommands> Shared = new(
        () => new(File.ReadAllLines(Path.Combine(Suite.ProjectFolder, "documented-commands.txt"))));

    private readonly Glossary _commands;
    private readonly string[] _headings;

    private DocumentedCommands(string[] lines)
    {
        _commands = Glossary.Of(lines);
        _headings = [.. lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal))];
    }

    public static DocumentedCommands Load() => Shared.Value;

    public bool Has(string command) => _commands.Contains(command);

    public IEnumerable<string> Unused => _commands.Unused;

    /// <summary>Headings that give neither a test of this project nor a reason.</summary>
    public IEnumerable<string> WrongHeadings() => _headings.Where(heading => !IsTest(heading) && !NotRun().IsMatch(heading));

    private static bool IsTest(string heading) =>
        RunBy().Match(heading) is { Success: true } match
        && Assembly.GetExecutingAssembly().GetTypes().Any(type =>
            type.Name == match.Groups["type"].Value && type.GetMethod(match.Groups["method"].Value) is not null);

    [GeneratedRegex(@"^## Run by (?<type>\w+)\.(?<method>\w+)$")]
    private static partial Regex RunBy();

    [GeneratedRegex("^## Not run: .{20,}$")]
    private static partial Regex NotRun();
}
