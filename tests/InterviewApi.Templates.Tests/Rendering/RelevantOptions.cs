using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// Which options can matter to what becomes of a file of the template. A symbol acts by its name, in a condition, or by
/// the text that it replaces. So these are the options behind every identifier in the file and in the sources that hold
/// it: too many rather than too few.
/// </summary>
internal sealed partial class RelevantOptions
{
    // The record of all flags is taken out of the file that has it.
    private const string Record = "recordedFlags";

    private readonly TemplateDefinition _template;
    private readonly (string Folder, string Text)[] _sources;
    private readonly HashSet<string> _everywhere;

    public RelevantOptions(TemplateDefinition template)
    {
        _template = template;
        _sources =
        [
            .. (template.Configuration["sources"]?.AsArray() ?? [new JsonObject()])
                .Select(source => (TemplateDefinition.Normalize((string?)source!["source"] ?? "./"), source.ToJsonString())),
        ];

        // Custom operations act on contents without being named there.
        _everywhere = Behind(
            string.Join(
                ' ',
                template.Configuration.Where(part => part.Key.EndsWith("operations", StringComparison.OrdinalIgnoreCase))
                .Select(part => part.Value)));
    }

    /// <summary>The path of a template's file below each source that holds it: files that share one may become the same file.</summary>
    public IEnumerable<string> PathsOf(string file) =>
        _sources.Where(
            source => file.StartsWith(source.Folder, StringComparison.Ordinal)).Select(source => file[source.Folder.Length..]).Distinct();

    /// <summary>The symbols of the options, for a file of the template by its path relative to the template's folder.</summary>
    public HashSet<string> Of(string file)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(_template.Folder, file)));
        var sources = _sources.Where(source => file.StartsWith(source.Folder, StringComparison.Ordinal)).Select(source => source.Text);
        var replaced = _template.Symbols.Where(
            symbol =>
                symbol.Key != Record
                && Replaced(symbol.Value!).Any(token => text.Contains(token, StringComparison.Ordinal))).Select(symbol => symbol.Key);

        return [.. Behind(string.Join(' ', [text, .. sources, .. replaced])), .. _everywhere];
    }

    private static IEnumerable<string> Replaced(JsonNode symbol) =>
        symbol["forms"] is not null && symbol["replaces"] is not null ? [""]
            : ((string?[])[(string?)symbol["replaces"], (string?)symbol["fileRename"]]).OfType<string>();

    private HashSet<string> Behind(string text) =>
        [
            .. Identifier().Matches(text)
            .Select(match => match.Value)
            .Distinct()
            .Where(_template.Symbols.ContainsKey)
            .SelectMany(BehindSymbol)];

    private HashSet<string> BehindSymbol(string symbol)
    {
        var declaration = _template.Symbols[symbol]!;
        return (string?)declaration["type"] == "parameter"
            ? [symbol, .. Behind($"{declaration["isEnabled"]}")]
            : Behind($"{declaration["value"]} {declaration["valueSource"]} {declaration["parameters"]}");
    }

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Identifier();
}
