using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Options;
using Microsoft.Extensions.FileSystemGlobbing;

namespace InterviewApi.Templates.Tests.Linting;

/// <summary>
/// What must hold for template.json and its two host files, whatever is generated. Every rule yields one line for each breach.
/// </summary>
internal sealed partial class TemplateLint(TemplateDefinition template)
{
    private const string ConfigurationFolder = ".template.config";

    // More than that, and nobody knows where a file comes from.
    private const int MostOptionFolders = 40;

    private static readonly string[] AliasesOfTheCommand = ["a", "d", "h", "i", "n", "o", "u", "v", "lang"];

    private readonly string[] _files = [.. template.Files()];

    public IReadOnlyList<string> Check() =>
        [
            .. Paths(), .. TooManyFolders(), .. UnusedFolders(), .. UnusedSymbols(), .. UndeclaredSymbols(), .. MissingTexts(),
            .. MissingHostEntries(), .. TakenAliases()];

    // The engine accepts a path that matches nothing without a word: the file stays in, or out, of every output.
    private IEnumerable<string> Paths()
    {
        foreach (var source in Sources())
        {
            var folder = TemplateDefinition.Normalize((string?)source["source"] ?? "./");
            if (!_files.Any(file => file.StartsWith(folder, StringComparison.Ordinal)))
            {
                yield return $"template.json: the source '{folder}' has no file.";
            }

            foreach (var pattern in Patterns(source).Where(pattern => !Matches(folder, pattern)))
            {
                yield return $"template.json: the pattern '{pattern}' of the source '{folder}' matches no file.";
            }
        }

        foreach (var glob in template.Configuration["specialCustomOperations"]?.AsObject().Select(entry => entry.Key)
            .Where(glob => !Matches("", glob)) ?? [])
        {
            yield return $"template.json: the pattern '{glob}' of specialCustomOperations matches no file.";
        }

        foreach (var output in template.Configuration["primaryOutputs"]?.AsArray().Select(output => (string)output!["path"]!) ?? [])
        {
            if (!Sources().Any(source => _files.Contains(TemplateDefinition.Normalize((string?)source["source"] ?? "./") + output)))
            {
                yield return $"template.json: the primary output '{output}' is no file of a source.";
            }
        }
    }

    private IEnumerable<string> TooManyFolders()
    {
        var folders = Sources().Select(source => TemplateDefinition.Normalize((string?)source["source"] ?? "./")).Distinct()
            .Count(folder => folder.StartsWith("options/", StringComparison.Ordinal));
        if (folders > MostOptionFolders)
        {
            yield return $"template.json: {folders} folders of options, and {MostOptionFolders} is the budget.";
        }
    }

    private IEnumerable<string> UnusedFolders()
    {
        var sources = Sources().Select(source => TemplateDefinition.Normalize((string?)source["source"] ?? "./")).ToArray();

        return _files.Where(
            file =>
                !file.StartsWith(ConfigurationFolder, StringComparison.Ordinal)
                && !sources.Any(source => file.StartsWith(source, StringComparison.Ordinal)))
            .Select(file => $"{file}: no source of template.json contains it.");
    }

    private IEnumerable<string> UnusedSymbols()
    {
        foreach (var (name, declaration) in template.Symbols)
        {
            var replaces = declaration!["replaces"] is not null || declaration["fileRename"] is not null
                || template.Symbols.Any(other => (string?)other.Value!["valueSource"] == name);
            var uses = AllConditions().Count(condition => condition.Place != $"symbol '{name}'" && Names(condition.Text).Contains(name));
            if (!replaces && uses == 0)
            {
                yield return $"template.json: the symbol '{name}' is used by no condition and replaces nothing.";
            }
        }
    }

    private IEnumerable<string> UndeclaredSymbols()
    {
        foreach (var (place, text) in AllConditions())
        {
            foreach (var name
                in Names(text).Where(name => name is not ("name" or "true" or "false") && !template.Symbols.ContainsKey(name)))
            {
                yield return $"{place}: the condition '{text}' uses the undeclared symbol '{name}'.";
            }

            if (!Parenthesized().IsMatch(text) || text.Count(c => c == '(') != text.Count(c => c == ')'))
            {
                yield return $"{place}: the condition '{text}' is not in parentheses.";
            }
        }
    }

    private IEnumerable<string> MissingTexts()
    {
        foreach (var (name, declaration) in template.Parameters())
        {
            if (string.IsNullOrWhiteSpace((string?)declaration!["description"]))
            {
                yield return $"template.json: the parameter '{name}' has no description.";
            }

            foreach (var choice
                in declaration["choices"]?.AsArray().Where(choice => string.IsNullOrWhiteSpace((string?)choice!["description"])) ?? [])
            {
                yield return $"template.json: the choice '{choice!["choice"]}' of the parameter '{name}' has no description.";
            }
        }
    }

    private IEnumerable<string> MissingHostEntries()
    {
        foreach (var (name, _) in template.Parameters())
        {
            var entry = template.CommandLine["symbolInfo"]?[name];
            if (!KebabCase().IsMatch((string?)entry?["longName"] ?? "") || !Alias().IsMatch((string?)entry?["shortName"] ?? "-"))
            {
                yield return $"dotnetcli.host.json: the parameter '{name}' needs a longName in kebab case and a shortName, empty or of one or two letters.";
            }
        }

        var entries = template.Ide["symbolInfo"]?.AsArray().ToDictionary(
            entry => (string)entry!["id"]!, entry => (bool?)entry!["isVisible"]) ?? [];
        var others = (bool?)template.Ide["defaultSymbolVisibility"] ?? false;
        foreach (var option in template.Options.Where(option => !(entries.GetValueOrDefault(option.Symbol) ?? others)))
        {
            yield return $"ide.host.json: the option '{option.Symbol}' is not visible.";
        }

        var declared = template.Parameters().Select(parameter => parameter.Key).ToHashSet();
        string?[] named =
        [
            .. template.CommandLine["symbolInfo"]?.AsObject().Select(entry => entry.Key) ?? [],
            .. entries.Keys,
            (string?)template.Ide["disableHttpsSymbol"],
        ];
        foreach (var name in named.OfType<string>().Where(name => !declared.Contains(name)).Distinct())
        {
            yield return $"The host files name '{name}', which is no parameter of template.json.";
        }
    }

    // dotnet new takes the first that it finds: an alias given twice, or one of its own, reaches nobody.
    private IEnumerable<string> TakenAliases()
    {
        var aliases = template.CommandLine["symbolInfo"]?.AsObject().Select(
            entry => (string?)entry.Value!["shortName"] ?? "").Where(alias => alias.Length > 0) ?? [];

        return aliases.Concat(AliasesOfTheCommand).GroupBy(alias => alias).Where(group => group.Count() > 1)
            .Select(group => $"dotnetcli.host.json: the alias '-{group.Key}' is given twice, or taken by dotnet new.");
    }

    private IEnumerable<(string Place, string Text)> AllConditions()
    {
        var inConfiguration = Sources().Select(source => ("source " + (string?)source["source"], (string?)source["condition"]))
            .Concat(Sources().SelectMany(Modifiers).Select(modifier => ("modifier", (string?)modifier["condition"])))
            .Concat(
                template.Symbols.Select(
                    symbol =>
                        ($"symbol '{symbol.Key}'", (string?)symbol.Value!["type"] == "computed" ? (string?)symbol.Value["value"] : null)))
            .Concat(
                (template.Configuration["postActions"]?.AsArray() ?? []).Select(action => ("postAction", (string?)action!["condition"])))
            .Concat(
                (template.Configuration["primaryOutputs"]?.AsArray() ?? [])
                .Select(output => ("primaryOutput", (string?)output!["condition"])))
            .Where(condition => condition.Item2 is not null)
            .Select(condition => ($"template.json, {condition.Item1}", condition.Item2!));

        var inContent = from file in _files
                        where !file.StartsWith(ConfigurationFolder, StringComparison.Ordinal)
                        from directive in Directive.In(File.ReadLines(Path.Combine(template.Folder, file)))
                        where directive.Condition is not null
                        select ($"{file}:{directive.Line}", directive.Condition);

        return inConfiguration.Concat(inContent);
    }

    private IEnumerable<JsonObject> Sources() => template.Configuration["sources"]?.AsArray().Select(source => source!.AsObject()) ?? [];

    private static IEnumerable<JsonObject> Modifiers(JsonObject source) =>
        source["modifiers"]?.AsArray().Select(modifier => modifier!.AsObject()) ?? [];

    private static IEnumerable<string> Patterns(JsonObject source) =>
        from part in Modifiers(source).Prepend(source)
        from key in (string[])["include", "exclude", "copyOnly", "rename"]
        from pattern in part[key] switch
        {
            JsonArray list => list.Select(item => (string)item!),
            JsonObject map => map.Select(entry => entry.Key),
            null => [],
            var one => [(string)one!],
        }
        select pattern;

    private bool Matches(string folder, string pattern) =>
        new Matcher().AddInclude(pattern).Match(
            _files.Where(file => file.StartsWith(folder, StringComparison.Ordinal)).Select(file => file[folder.Length..])).HasMatches;

    private static IEnumerable<string> Names(string condition) =>
        Identifier().Matches(Quoted().Replace(condition, "")).Select(match => match.Value).Distinct();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Identifier();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\(.*\)$")]
    private static partial Regex Parenthesized();

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();

    [GeneratedRegex("^[a-z]{0,2}$")]
    private static partial Regex Alias();
}
