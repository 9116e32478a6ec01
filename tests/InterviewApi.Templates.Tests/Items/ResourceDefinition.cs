using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InterviewApi.Templates.Tests.Engine;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>template.json of <c>dotnet new interview-resource</c>, as the table of field types makes it.</summary>
internal static class ResourceDefinition
{
    private const string Keywords =
        "abstract|as|base|bool|break|byte|case|catch|char|checked|class|const|continue|decimal|default|delegate|do|double|else|enum|event|explicit|"
        + "extern|false|finally|fixed|float|for|foreach|goto|if|implicit|in|int|interface|internal|is|lock|long|namespace|new|null|object|operator|out|"
        + "override|params|private|protected|public|readonly|ref|return|sbyte|sealed|short|sizeof|stackalloc|static|string|struct|switch|this|throw|"
        + "true|try|typeof|uint|ulong|unchecked|unsafe|ushort|using|virtual|void|volatile|while";

    // Variables and parameters of the code of a resource.
    private const string TakenVariables =
        "address|afterId|api|attempt|before|body|builder|call|cancellationToken|change|client|context|created|current|cursor|db|deleted|example|"
        + "field|first|found|id|item|items|limit|method|next|other|page|patch|patched|precondition|read|replaced|request|response|responses|result|"
        + "second|status|tag|take|time|value";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Folder { get; } = Path.Combine(SdkAssemblies.RepositoryRoot, "templates", "interview-resource");

    public static string File { get; } = Path.Combine(Folder, ".template.config", "template.json");

    /// <summary>The file with its symbols and forms made again; all else stays as somebody wrote it.</summary>
    public static string Regenerate()
    {
        var template = JsonNode.Parse(System.IO.File.ReadAllText(File))!.AsObject();
        template["symbols"] = Symbols(
            template["symbols"]!.AsObject().Where(symbol => (string?)symbol.Value!["type"] is "parameter" or "bind"));
        template["forms"] = Forms();

        return template.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Symbols(IEnumerable<KeyValuePair<string, JsonNode?>> written)
    {
        var symbols = new JsonObject(written.Select(symbol => KeyValuePair.Create(symbol.Key, symbol.Value?.DeepClone())));

        symbols["resource"] = Derived("name", "pascalCase", "OrderLine", rename: true);
        symbols["usualPlural"] = Derived("resource", "plural");
        symbols["resources"] = Generated(
            "coalesce", new() { ["sourceVariableName"] = "plural", ["fallbackVariableName"] = "usualPlural" }, "OrderLines");
        symbols["variable"] = Derived("resource", "variable", "orderLine");
        symbols["names"] = Generated(
            "join", new() { ["symbols"] = new JsonArray(Part("ref", "resource"), Part("const", "|"), Part("ref", "resources")) });
        symbols["variables"] = Derived("names", "variableOfSeveral", "orderLines");
        symbols["route"] = Derived("resources", "kebabCase", "order-lines");
        symbols["words"] = Derived("resource", "words", "order line");
        symbols["pluralWords"] = Derived("resources", "words", "order lines");
        symbols["title"] = Derived("pluralWords", "firstUpperCase", "Order lines");
        symbols["withArticle"] = Derived("words", "withArticle", "%an order line%");
        symbols["sentenceWithArticle"] = Derived("withArticle", "firstUpperCase", "%An order line%");

        symbols["HasText"] = Matches("fields", ":(string|text)\\b");
        symbols["HasRequired"] = Matches("fields", @":\w+(\([^)]*\))?(?=\s|$)");
        symbols["HasReference"] = Matches("fields", @":ref\b");
        symbols["HasDateTime"] = Matches("fields", @":datetime\b");
        symbols["HasAccounts"] = Matches("flags", "--auth (jwt|oidc)");
        symbols["CanWrite"] = Computed("(operations == \"all\")");
        symbols["HasPlainText"] = Computed("(CanWrite && HasText)");
        symbols["ReadsTimes"] = Computed("(CanWrite && HasDateTime)");
        symbols["IsOwned"] = Computed("(owned && CanWrite)");
        symbols["OwnedByNobody"] = Computed("(owned && (!HasAccounts || !CanWrite))");
        symbols["IsInBothVersions"] = Computed("(versions == \"both\")");
        symbols["TestsUseModels"] = Computed("(HasReference || !CanWrite)");

        symbols["version"] = Switch("%.V2%", ("(!IsInBothVersions)", ".V2"));
        symbols["requirement"] = Switch("%requirement%", ("(IsOwned)", ".RequireAuthorization()"));
        symbols["owner"] = Switch("%owner%", ("(IsOwned)", "string ownerId, "));
        symbols["ownerId"] = Switch("%owner id%", ("(IsOwned)", "ownerId, "));
        symbols["ownerOfUser"] = Switch("%user owner%", ("(IsOwned)", "user.Id, "));
        symbols["userParameter"] = Switch("%user%", ("(IsOwned)", "CurrentUser user, "));
        symbols["ownerOfCall"] = Switch("%call owner%", ("(IsOwned)", "OwnerId, "));
        symbols["ownerInitializer"] = Switch("%owner initializer%", ("(IsOwned)", " { OwnerId = user.Id }"), ("(true)", "()"));
        symbols["example"] = Switch("%example%", ("(HasReference)", "await ExampleAsync()"), ("(true)", "Example()"));
        symbols["static"] = Switch("%static%", ("(!HasReference)", "static "));

        symbols["declaration"] = Generated("join", new()
        {
            ["symbols"] = new JsonArray(
                Part("ref", "resource"), Part("const", "|"), Part("ref", "variable"), Part("const", "|"), Part("ref", "rootNamespace"),
                Part("const", "\n"), Part("ref", "fields")),
        });
        foreach (var token in FieldPlace.All.Select(place => place.Token).Prepend("errors"))
        {
            symbols[token] = Derived("declaration", token, $"%{token}%\n");
        }

        return symbols;
    }

    private static JsonObject Forms()
    {
        var forms = new JsonObject
        {
            ["wordBoundaries"] = FieldForms.Replace(@"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[-_. ]+", " "),
            ["titleCase"] = new JsonObject { ["identifier"] = "titleCase" },
            ["removeSpaces"] = FieldForms.Replace(" ", ""),
            ["pascalCase"] = FieldForms.Chain("wordBoundaries", "titleCase", "removeSpaces"),
            ["endInIe"] = FieldForms.Replace("(?<=[^aeiou])y$", "ie"),
            ["endInE"] = FieldForms.Replace("(s|x|z|ch|sh)$", "$1e"),
            ["endInS"] = FieldForms.Replace(@"\z", "s"),
            ["plural"] = FieldForms.Chain("endInIe", "endInE", "endInS"),
            ["firstLowerCase"] = new JsonObject { ["identifier"] = "firstLowerCaseInvariant" },
            ["firstUpperCase"] = new JsonObject { ["identifier"] = "firstUpperCaseInvariant" },
            ["lowerCase"] = new JsonObject { ["identifier"] = "lowerCaseInvariant" },
            ["dashes"] = FieldForms.Replace(" ", "-"),
            ["escapeKeywords"] = FieldForms.Replace($"^({Keywords})$", "@$1"),
            ["avoidTakenVariables"] = FieldForms.Replace($"^({TakenVariables})$", "$1Resource"),
            ["variable"] = FieldForms.Chain("firstLowerCase", "escapeKeywords", "avoidTakenVariables"),

            // Of equipment, whose plural is the same word, all equipment.
            ["tellApart"] = FieldForms.Replace(@"^(\w+)\|\1$", "$1|All$1"),
            ["onlyPlural"] = FieldForms.Replace(@"^\w+\|", ""),
            ["variableOfSeveral"] = FieldForms.Chain("tellApart", "onlyPlural", "variable"),
            ["words"] = FieldForms.Chain("wordBoundaries", "lowerCase"),
            ["kebabCase"] = FieldForms.Chain("words", "dashes"),
            ["article"] = FieldForms.Replace("^", "a "),
            ["articleBeforeVowel"] = FieldForms.Replace("^a (?=[aeiou](?<!u(?=[ns]i|se|ti)|e(?=u)|o(?=ne))|hour)", "an "),
            ["withArticle"] = FieldForms.Chain("article", "articleBeforeVowel"),
        };
        foreach (var (name, form) in FieldForms.Create().ToArray())
        {
            forms[name] = form!.DeepClone();
        }

        return forms;
    }

    private static JsonObject Derived(string source, string form, string? replaces = null, bool rename = false)
    {
        var symbol = new JsonObject { ["type"] = "derived", ["valueSource"] = source, ["valueTransform"] = form };
        if (replaces is not null)
        {
            symbol["replaces"] = replaces;
        }

        if (rename)
        {
            symbol["fileRename"] = replaces;
        }

        return symbol;
    }

    private static JsonObject Generated(string generator, JsonObject parameters, string? replaces = null)
    {
        var symbol = new JsonObject { ["type"] = "generated", ["generator"] = generator, ["parameters"] = parameters };
        if (replaces is not null)
        {
            symbol["replaces"] = replaces;
        }

        return symbol;
    }

    private static JsonObject Matches(string source, string pattern)
    {
        var symbol = Generated("regexMatch", new() { ["source"] = source, ["pattern"] = pattern });
        symbol.Insert(2, "datatype", "bool");
        return symbol;
    }

    private static JsonObject Computed(string value) => new() { ["type"] = "computed", ["value"] = value };

    private static JsonObject Switch(string replaces, params (string Condition, string Value)[] cases) => Generated(
        "switch",
        new()
        {
            ["evaluator"] = "C++",
            ["datatype"] = "string",
            ["cases"] = new JsonArray([.. cases.Select(one => new JsonObject { ["condition"] = one.Condition, ["value"] = one.Value })]),
        },
        replaces);

    private static JsonObject Part(string type, string value) => new() { ["type"] = type, ["value"] = value };
}
