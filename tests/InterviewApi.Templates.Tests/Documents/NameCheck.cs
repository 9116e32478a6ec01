using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>
/// Finds inline code that names nothing: no path, no type or member, no flag, no command, no word of the generated code
/// or of the template's configuration, and nothing of the glossary.
/// </summary>
internal sealed partial class NameCheck(GeneratedCode code, SubPaths repository, Glossary glossary)
{
    // Beside the generated code: the template's configuration, the scripts, and the levels of the tests.
    private readonly string _pack = string.Join(
        '\n',
        (
            (string[])[
                Path.Combine(Suite.Template.Folder, ".template.config"), Path.Combine(Suite.ProjectFolder, "Levels"),
                SdkAssemblies.RepositoryRoot])
        .SelectMany(folder => Directory.EnumerateFiles(folder)).Where(
            file => Path.GetExtension(file) is ".json" or ".cs" or ".sh").Select(File.ReadAllText));

    public IEnumerable<string> Check(Page page) =>
        from name in page.Names
        where !glossary.Contains(name)
        let problem = Problem(name)
        where problem is not null
        select $"{page.Path}: `{name}` {problem}";

    private string? Problem(string name)
    {
        if (name.StartsWith("--", StringComparison.Ordinal))
        {
            return IsFlag(name) ? null : "is no flag with values of the template.";
        }

        if (name.Contains("__", StringComparison.Ordinal))
        {
            return IsSetting(name) ? null : "is no setting.";
        }

        if (Command().IsMatch(name))
        {
            return DocumentedCommands.Load().Has(name) ? null : "is a command that documented-commands.txt does not have.";
        }

        if (Member().Match(name) is { Success: true } member && code.HasType(member.Groups["type"].Value))
        {
            return code.HasMember(member.Groups["type"].Value, member.Groups["member"].Value) ? null : "is no member of that type.";
        }

        return code.HasPath(name) || repository.Has(name)
            || (!PathLike().IsMatch(name) && (code.HasWord(name) || Words.Has(_pack, name)))
                ? null
                : "is nothing that there is.";
    }

    // Flags, perhaps with some of their values: --cache redis, --auth jwt|none.
    private static bool IsFlag(string text) => text[2..].Split(" --").All(IsOneFlag);

    private static bool IsOneFlag(string text)
    {
        var (flag, values) = text.Split(' ', 2) is [var left, var right] ? (left, right.Split('|')) : (text, []);

        return Suite.Template.Parameters().Any(parameter => Suite.Template.Flag(parameter.Key) == flag)
            && values.All(value => Suite.Template.Options.Any(option => option.Flag == flag && option.Values.Contains(value)));
    }

    // The name of an environment variable: sections, a property of an options class, perhaps a number. Or a key in the code.
    private bool IsSetting(string name)
    {
        var parts = name.Split("__").Where(part => !part.All(char.IsDigit)).ToArray();

        return code.HasWord($"\"{string.Join(':', parts)}\"")
            || (parts[..^1].All(section => code.HasWord(section)) && code.HasMemberOf("Options", parts[^1]));
    }

    [GeneratedRegex(@"^(?<type>[A-Z]\w*)\.(?<member>[A-Z]\w*)$")]
    private static partial Regex Member();

    [GeneratedRegex(@"^(\./\S+\.sh|(dotnet|git|docker|apt-get|curl|benchmarks/\S+) \S+)")]
    private static partial Regex Command();

    // A name with folders, or with the extension of a file.
    [GeneratedRegex(@"^[\w.+-]+(/[\w.+-]+)+/?$|^[\w+-]+(\.[\w+-]+)*\.(cs|csproj|md|json|yml|yaml|sh|conf|props|slnx|http)$")]
    private static partial Regex PathLike();
}
