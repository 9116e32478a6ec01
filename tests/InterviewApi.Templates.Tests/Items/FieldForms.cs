using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>
/// The forms of template.json that turn the fields of a command into lines of code. The engine has no loop: a form gets
/// all fields, each on a line below a first line <c>OrderLine|orderLine|InterviewApi</c>, and replaces those of one type. What it
/// writes begins with a mark, so that no later form takes it for a field; at the end only marked lines stay.
/// </summary>
internal static class FieldForms
{
    private const string Mark = "\u00a7";
    private const string Names = @"(?<=\A(?<m>\w+)\|(?<v>@?\w+)\|[\s\S]*)";

    // Names of the entity itself, of what every resource has, and of the members of its records.
    private const string Reserved =
        "Id|Version|CreatedAt|UpdatedAt|OwnerId|From|ApplyTo|Clone|Deconstruct|Equals|GetHashCode|GetType|ToString";

    // Types of the framework that the code of a resource or an implicit using would confuse with a resource of that name, and
    // namespaces of the project.
    private const string TakenNames =
        "Action|Api|Array|Attribute|Barrier|Buffer|Calendar|Change|Conflict|Console|Controller|Core|Delegate|Directory|Endpoint"
        + "|Enum|Environment|Event|Exception|File|Func|Guid|Host|Index|Lock|Math|Middleware|Monitor|Object|Options|Path|Random"
        + "|Range|Results|Route|Session|Status|Stream|String|Task|Thread|TimeZone|Timeout|Timer|Token|Tuple|Type|Uri|User"
        + "|Validator|Version";

    /// <summary>The forms by name; the form of a place has the name of its token.</summary>
    public static JsonObject Create()
    {
        var forms = new JsonObject
        {
            ["oneFieldPerLine"] = Replace(@"\s+(?![^(]*\))", "\n"),
            ["endLastLine"] = Replace(@"\n*\z", "\n"),
            ["referToOwnName"] = Replace(@"(?m)^(\w+):ref(?!\()", "$1:ref($1)"),
            ["keepMarkedLines"] = Replace($"(?m)^(?!{Mark}).*\n", ""),
            ["removeMarks"] = Replace($"(?m)^{Mark}", ""),
        };
        AddErrors(forms);
        foreach (var place in FieldPlace.All)
        {
            AddPlace(forms, place);
        }

        return forms;
    }

    public static JsonObject Replace(string pattern, string replacement) =>
        new() { ["identifier"] = "replace", ["pattern"] = pattern, ["replacement"] = replacement };

    public static JsonObject Chain(params IEnumerable<string> steps) =>
        new() { ["identifier"] = "chain", ["steps"] = new JsonArray([.. steps.Select(step => JsonValue.Create(step))]) };

    private static void AddPlace(JsonObject forms, FieldPlace place)
    {
        var steps = new List<string>();
        var byLines =
            from type in FieldType.All
            from optional in (bool[])[false, true]
            let lines = string.Concat(
                place.Lines(type, optional).Select(line => $"{Mark}{line.Replace("{p}", type.Property, StringComparison.Ordinal)}\n"))
            where lines.Length > 0
            group (type, optional) by lines;
        foreach (var group in byLines)
        {
            var alternatives = group.GroupBy(member => member.type).Select(member =>
                $@"{member.Key.Name}{member.Key.Arguments}{(member.Count() == 2 ? @"\??" : member.Single().optional ? @"\?" : "")}");
            steps.Add(
                Add(
                    forms, $"{place.Token}: {string.Join(", ", group.Select(member => member.type.Name + (member.optional ? "?" : "")))}",
                    Replace(
                $@"(?m){(Regex.IsMatch(group.Key, @"\{[mv]\}") ? Names : "")}^(?<f>[A-Z]\w*):(?:{string.Join('|', alternatives)})\n",
                Regex.Replace(group.Key, @"\{(m|v|f|a|first)\}", "${$1}"))));
        }

        steps.AddRange(
            [
                "keepMarkedLines",
                .. Rest(
                    forms, place.Token, "before", place.Last.Where(last => last.Pattern.Contains(@"\u00a7", StringComparison.Ordinal)))]);
        steps.AddRange(
            [
                "removeMarks",
                .. Rest(
                    forms, place.Token, "after", place.Last.Where(last => !last.Pattern.Contains(@"\u00a7", StringComparison.Ordinal)))]);
        forms[place.Token] = Chain(["oneFieldPerLine", "endLastLine", "referToOwnName", .. steps]);
    }

    // A field that no type matches, and a name that something else has, stop the build with a sentence.
    private static void AddErrors(JsonObject forms)
    {
        var types = string.Join('|', FieldType.All.Select(type => type.Name + type.Arguments));
        var names = string.Join(", ", FieldType.All.Select(type => type.Name).SkipLast(2));
        forms["errors: fields"] = Replace(
            $@"(?m){Names}^(?!(?!(?:{Reserved}|\k<m>):)[A-Z]\w*:(?:{types})\??\n)(.+)\n".Replace("?<a>", "?:", StringComparison.Ordinal)
                .Replace("?<first>", "?:", StringComparison.Ordinal),
            $"{Mark}#error Unknown field $1: write Name:type, with a capital letter, a name that is not taken, and one of the types {names}, ref or ref(Model), enum(First,Second); a question mark makes it optional.\n");
        forms["errors: account"] = Replace(
            @"(?m)^(\w+):ref\(User\)\??\n",
            $"{Mark}#error $1 refers to an account, whose id is no number: use --owned, or a field of the type guid.\n");
        forms["errors: none"] = Replace(@"\A([^\n]*\n)\n*\z", $"$1{Mark}#error A resource needs a field: --fields \"Name:string\".\n");
        forms["errors: name"] = Replace(
            $@"\A({TakenNames})\|.*\n", $"{Mark}#error The name $1 is taken by .NET or by the project: choose another one.\n");
        forms["errors: namespace"] = Replace(
            @"\A(?<m>\w+)\|\S+\|(?<n>([\w.]+\.)?\k<m>(\.[\w.]+)?)\n",
            $"{Mark}#error C# finds the namespace ${{n}} before a class with the name ${{m}}: choose another one.\n");
        forms["errors: end"] = Replace(@"(?<=.\n)\z", "\n");
        forms["errors: begin"] = Replace(@"\A", "\n");
        forms["errors"] = Chain(
            "oneFieldPerLine", "endLastLine", "referToOwnName", "errors: fields", "errors: account", "errors: none", "errors: name",
                "errors: namespace", "keepMarkedLines", "removeMarks", "errors: end", "errors: begin");
    }

    private static string[] Rest(JsonObject forms, string token, string when, IEnumerable<(string Pattern, string Replacement)> last) =>
        [.. last.Select((step, index) => Add(forms, $"{token}: {when} {index + 1}", Replace(step.Pattern, step.Replacement)))];

    private static string Add(JsonObject forms, string name, JsonObject form)
    {
        forms[name] = form;
        return name;
    }
}
