using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Options;

/// <summary>A template's folder and what its configuration declares. Nothing about its options is known elsewhere.</summary>
internal sealed class TemplateDefinition
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private TemplateDefinition(string folder)
    {
        Folder = folder;
        Configuration = Read("template.json");
        CommandLine = Read("dotnetcli.host.json");
        Ide = Read("ide.host.json");
        Options = [.. OutputParameters().Select(ToOption)];
        Space = new OptionSpace(Options);
    }

    public string Folder { get; }

    public JsonObject Configuration { get; }

    public JsonObject CommandLine { get; }

    public JsonObject Ide { get; }

    public string ShortName => (string)Configuration["shortName"]!;

    public JsonObject Symbols => Configuration["symbols"]!.AsObject();

    /// <summary>The parameters that decide what is generated, in the order of template.json.</summary>
    public IReadOnlyList<TemplateOption> Options { get; }

    public OptionSpace Space { get; }

    public static TemplateDefinition Load(string folder) => new(Path.GetFullPath(folder));

    /// <summary>Every file below the template's folder by its relative path, with '/'.</summary>
    public IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'));

    /// <summary>A source's folder as paths of the template begin with it.</summary>
    public static string Normalize(string folder) => folder.TrimStart('.').Trim('/') is var path && path.Length == 0 ? "" : path + "/";

    public IEnumerable<KeyValuePair<string, JsonNode?>> Parameters() =>
        Symbols.Where(symbol => (string?)symbol.Value!["type"] == "parameter");

    /// <summary>The flag of a parameter, without the dashes.</summary>
    public string Flag(string symbol) => (string?)CommandLine["symbolInfo"]?[symbol]?["longName"] ?? symbol;

    // A parameter that only post-actions read (--no-restore) changes no byte of the output.
    private IEnumerable<KeyValuePair<string, JsonNode?>> OutputParameters()
    {
        var postActions = Configuration["postActions"]?.ToJsonString() ?? "";
        var expressions = string.Join('\n', Expressions());

        return Parameters().Where(parameter => Mentions(expressions, parameter.Key) || !Mentions(postActions, parameter.Key));
    }

    private IEnumerable<string> Expressions()
    {
        var sources = Configuration["sources"]?.AsArray().Select(source => source!.ToJsonString()) ?? [];
        var symbols = Symbols.Where(symbol => (string?)symbol.Value!["type"] != "parameter").Select(symbol => symbol.Value!.ToJsonString());

        return sources.Concat(symbols);
    }

    private TemplateOption ToOption(KeyValuePair<string, JsonNode?> parameter)
    {
        var (symbol, declaration) = (parameter.Key, parameter.Value!);
        string[] values = (string?)declaration["datatype"] switch
        {
            "bool" => ["true", "false"],
            "choice" => [.. declaration["choices"]!.AsArray().Select(choice => (string)choice!["choice"]!)],
            var other =>
                throw new InvalidDataException($"The parameter '{symbol}' has the data type '{other}': its combinations cannot be listed."),
        };
        var first = (string?)declaration["defaultValue"];

        return values.Contains(first)
            ? new TemplateOption(symbol, Flag(symbol), [first!, .. values.Where(value => value != first)])
            : throw new InvalidDataException(
                $"The default value '{first}' of the parameter '{symbol}' is not one of {string.Join(", ", values)}.");
    }

    private JsonObject Read(string file)
    {
        var path = Path.Combine(Folder, ".template.config", file);
        return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path), null, Lenient)!.AsObject() : [];
    }

    private static bool Mentions(string text, string symbol) => Regex.IsMatch(text, $@"\b{Regex.Escape(symbol)}\b");
}
