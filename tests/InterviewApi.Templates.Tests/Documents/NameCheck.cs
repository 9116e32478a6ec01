using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>Finds inline code that names nothing: no path, no type or member, no word of the code, nothing of the glossary.</summary>
internal sealed partial class NameCheck(GeneratedCode code, Glossary glossary)
{
    public IEnumerable<string> Check(Page page) =>
        from name in page.Names
        let problem = Problem(page, name)
        where problem is not null
        select $"{page.Path}: `{name}` {problem}";

    private string? Problem(Page page, string name)
    {
        if (glossary.Contains(name))
        {
            return null;
        }

        var member = Member().Match(name);
        if (member.Success && code.HasType(member.Groups["type"].Value))
        {
            return code.HasMember(member.Groups["type"].Value, member.Groups["member"].Value) ? null : "is no member of that type.";
        }

        var path = name.Replace("Shop.Api", "Acme.Shop", StringComparison.Ordinal);
        if (PathLike().IsMatch(name))
        {
            return code.HasPath(path) || Pages.Exists(name) || Pages.Exists(Path.Combine(Path.GetDirectoryName(page.Path)!, name)) ? null : "is no path.";
        }

        return code.HasWord(name) || code.HasPath(path) || Pages.Exists(name) ? null : "stands in no generated project and not in the glossary.";
    }

    [GeneratedRegex(@"^(?<type>[A-Z]\w*)\.(?<member>[A-Z]\w*)$")]
    private static partial Regex Member();

    // A name with folders, or with the extension of a file.
    [GeneratedRegex(@"^[\w.+-]+(/[\w.+-]+)+/?$|^[\w+-]+(\.[\w+-]+)*\.(cs|csproj|md|json|yml|yaml|sh|conf|props|slnx|http)$")]
    private static partial Regex PathLike();
}
