using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InterviewApi.Templates.Tests.Engine;

namespace InterviewApi.Templates.Tests.Assignments;

/// <summary>
/// template.json of <c>dotnet new interview-assignment</c>. Its handout is what <c>interview-api</c> writes with the flags
/// of a level, so the sources, symbols and forms come from the template.json there.
/// </summary>
internal static class AssignmentDefinition
{
    // What a level turns on. Every other option has the value that leaves it out.
    private static readonly Dictionary<string, Dictionary<string, string>> Flags =
        new() { ["junior"] = [], ["mid"] = new() { ["auth"] = "jwt" }, ["senior"] = new() { ["auth"] = "jwt" } };

    private static readonly string[] FromHost = ["HostIdentifier", "IsInEditor", "skipRestore"];

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Folder { get; } = Path.Combine(SdkAssemblies.RepositoryRoot, "templates", "interview-assignment");

    public static string File { get; } = Path.Combine(Folder, ".template.config", "template.json");

    private static string SkeletonFile { get; } = Path.Combine(Folder, "..", "interview-api", ".template.config", "template.json");

    /// <summary>The value of each option of <c>interview-api</c> in the handout of a level.</summary>
    public static Dictionary<string, string> FlagsOfHandout(string level) =>
        Symbols(Read(SkeletonFile)).Where(symbol => IsOption(symbol.Value))
            .ToDictionary(symbol => symbol.Key, symbol => FlagOf(level, symbol.Key, symbol.Value));

    /// <summary>The file with everything made again that comes from elsewhere; the rest stays as somebody wrote it.</summary>
    public static string Regenerate()
    {
        var (template, skeleton) = (Read(File), Read(SkeletonFile));
        var written = template["sources"]!.AsArray()
            .Where(source => !((string)source!["source"]!).StartsWith("../", StringComparison.Ordinal));
        template["sources"] = new JsonArray(
            [.. skeleton["sources"]!.AsArray().Select(FromSkeleton), .. written.Select(source => source!.DeepClone())]);

        var symbols = new JsonObject();
        Add(symbols, Symbols(template).Where(symbol => (string?)symbol.Value["type"] == "parameter"));
        Add(symbols, Symbols(skeleton).Where(symbol => !FromHost.Contains(symbol.Key))
            .Select(symbol => KeyValuePair.Create(symbol.Key, InHandout(symbol.Key, symbol.Value))));
        symbols["IsJunior"] = Computed("(level == \"junior\")");
        symbols["IsMid"] = Computed("(level == \"mid\")");
        symbols["IsSenior"] = Computed("(level == \"senior\")");
        symbols["hoursOfLevel"] = SwitchOf("level", AssignmentDraws.Levels, AssignmentDraws.Hours);
        symbols["timeBox"] = Coalesced("hours", "hoursOfLevel", "%hours%");
        symbols["ToolsAllowed"] = Computed("(tools == \"allowed\")");
        symbols["ToolsDisclosed"] = Computed("(tools == \"disclosed\")");
        symbols["ToolsForbidden"] = Computed("(tools == \"none\")");
        symbols["variantUnits"] = Derived("variant", "units");
        symbols["variantTens"] = Derived("variant", "tens");
        Add(symbols, AssignmentDraws.ByLevel.Select(draw => Switch(draw, "level", AssignmentDraws.Levels)));
        Add(symbols, AssignmentDraws.ByDomain.Select(draw => Switch(draw, "domain", AssignmentDraws.Domains)));
        var digits = Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture)).ToArray();
        Add(symbols, AssignmentDraws.ByUnits.Select(draw => Switch(draw, "variantUnits", digits)));
        Add(symbols, AssignmentDraws.ByTens.Select(draw => Switch(draw, "variantTens", digits)));
        template["symbols"] = symbols;

        var forms = skeleton["forms"]!.DeepClone().AsObject();
        forms["units"] = Replace("^.*([0-9])$", "$1");
        forms["twoDigits"] = Replace("^", "0");
        forms["secondLast"] = Replace("^.*([0-9])[0-9]$", "$1");
        forms["tens"] = new JsonObject { ["identifier"] = "chain", ["steps"] = new JsonArray("twoDigits", "secondLast") };
        template["forms"] = forms;

        return template.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Read(string file) => JsonNode.Parse(System.IO.File.ReadAllText(file))!.AsObject();

    private static IEnumerable<KeyValuePair<string, JsonObject>> Symbols(JsonObject template) =>
        template["symbols"]!.AsObject().Select(symbol => KeyValuePair.Create(symbol.Key, symbol.Value!.AsObject()));

    private static bool IsOption(JsonObject symbol) =>
        (string?)symbol["type"] == "parameter" && (string?)symbol["displayName"] != "Skip restore";

    // An option that somebody adds to the skeleton is off in every level until a level turns it on.
    private static string FlagOf(string level, string name, JsonObject option)
    {
        if (Flags[level].TryGetValue(name, out var chosen))
        {
            return chosen;
        }

        var values = option["choices"]?.AsArray().Select(choice => (string)choice!["choice"]!) ?? ["false"];
        return values.FirstOrDefault(value => value is "none" or "false") ?? (string)option["defaultValue"]!;
    }

    private static JsonObject FromSkeleton(JsonNode? source)
    {
        var copy = source!.DeepClone().AsObject();
        copy["source"] = "../interview-api" + ((string)copy["source"]!)[1..];
        copy["target"] = "./handout" + ((string)copy["target"]!)[1..];
        var modifiers = copy["modifiers"]?.AsArray();
        foreach (var modifier in modifiers?.Where(modifier => (string?)modifier!["condition"] == "(IsInEditor)").ToArray() ?? [])
        {
            modifiers!.Remove(modifier);
        }

        if (modifiers?.Count == 0)
        {
            copy.Remove("modifiers");
        }

        return copy;
    }

    // The option itself depends on the level alone; everything that is computed from it stays as it is.
    private static JsonObject InHandout(string name, JsonObject symbol)
    {
        if (!IsOption(symbol))
        {
            return symbol;
        }

        var values = AssignmentDraws.Levels.Select(level => FlagOf(level, name, symbol)).ToArray();
        return values.Distinct().Count() > 1
            ? SwitchOf("level", AssignmentDraws.Levels, values)
            : new JsonObject
            {
                ["type"] = "generated",
                ["generator"] = "constant",
                ["datatype"] = (string?)symbol["datatype"] == "bool" ? "bool" : "string",
                ["parameters"] = new JsonObject { ["value"] = values[0] },
            };
    }

    private static void Add(JsonObject symbols, IEnumerable<KeyValuePair<string, JsonObject>> added)
    {
        foreach (var (name, symbol) in added)
        {
            symbols.Add(name, symbol.DeepClone());
        }
    }

    private static JsonObject Computed(string value) => new() { ["type"] = "computed", ["value"] = value };

    private static JsonObject Derived(string source, string form) =>
        new() { ["type"] = "derived", ["valueSource"] = source, ["valueTransform"] = form };

    private static JsonObject Replace(string pattern, string replacement) =>
        new() { ["identifier"] = "replace", ["pattern"] = pattern, ["replacement"] = replacement };

    private static JsonObject Coalesced(string source, string fallback, string token) => new()
    {
        ["type"] = "generated",
        ["generator"] = "coalesce",
        ["parameters"] = new JsonObject { ["sourceVariableName"] = source, ["fallbackVariableName"] = fallback },
        ["replaces"] = token,
    };

    private static JsonObject SwitchOf(string source, IEnumerable<string> keys, IEnumerable<string> values) => new()
    {
        ["type"] = "generated",
        ["generator"] = "switch",
        ["datatype"] = "string",
        ["parameters"] = new JsonObject
        {
            ["evaluator"] = "C++",
            ["datatype"] = "string",
            ["cases"] = new JsonArray(
                [.. keys.Zip(values, (key, value) => new JsonObject { ["condition"] = $"({source} == \"{key}\")", ["value"] = value })]),
        },
    };

    private static KeyValuePair<string, JsonObject> Switch(Draw draw, string source, IEnumerable<string> keys)
    {
        var symbol = SwitchOf(source, keys, draw.Values);
        symbol["replaces"] = draw.Token;
        if (char.IsUpper(draw.Token[0]))
        {
            symbol["fileRename"] = draw.Token;
        }

        return KeyValuePair.Create(draw.Symbol, symbol);
    }
}
