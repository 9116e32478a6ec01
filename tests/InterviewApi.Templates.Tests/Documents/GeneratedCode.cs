using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Rendering;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace InterviewApi.Templates.Tests.Documents;

/// <summary>What there is to name in generated projects: paths, types with their members, and words.</summary>
internal sealed partial class GeneratedCode
{
    private readonly SubPaths _paths;
    private readonly Dictionary<string, HashSet<string>> _members = [];
    private readonly string _text;
    private readonly List<string> _code = [];

    public GeneratedCode(RenderingTable table)
    {
        _paths = new SubPaths(table.Files.Keys);
        var text = new StringBuilder();
        foreach (var (path, file) in table.Files)
        {
            text.Append(path).Append('\n');
            foreach (var content in file.Contents.Where(content => !content.Contains((byte)0)).Select(Encoding.UTF8.GetString))
            {
                // A page of the generated project must not vouch for a page of the pack.
                text.Append(path.EndsWith(".md", StringComparison.Ordinal) ? "" : content).Append('\n');
                if (path.EndsWith(".cs", StringComparison.Ordinal))
                {
                    _code.Add(Unindent(content));
                    AddMembers(content);
                }
            }
        }

        _text = text.ToString();
    }

    /// <summary>Whether a file or folder ends in this path.</summary>
    public bool HasPath(string path) => _paths.Has(path);

    public bool HasType(string name) => _members.ContainsKey(name);

    public bool HasMember(string type, string member) => _members.TryGetValue(type, out var members) && members.Contains(member);

    /// <summary>Whether a text names, in inline code, a file or folder, a type or a member.</summary>
    public bool PointsAt(string text) => Page.Parse("", text).Names.Any(
        name => HasPath(name) || HasType(name) || (name.Split('.') is [var type, var member] && HasMember(type, member)));

    /// <summary>Whether some type whose name ends so has this member.</summary>
    public bool HasMemberOf(string suffix, string member) =>
        _members.Any(type => type.Key.EndsWith(suffix, StringComparison.Ordinal) && type.Value.Contains(member));

    /// <summary>Whether these characters stand somewhere, not as part of a longer word.</summary>
    public bool HasWord(string word) => Words.Has(_text, word);

    /// <summary>Whether these lines stand in one file, one after the other, however far they are indented.</summary>
    public bool HasLines(string lines) =>
        _code.Any(code => code.Contains("\n" + Unindent(lines).Trim('\n') + "\n", StringComparison.Ordinal));

    private static string Unindent(string text) => "\n" + LineStart().Replace(text, "") + "\n";

    private void AddMembers(string content)
    {
        foreach (var type in CSharpSyntaxTree.ParseText(content).GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
        {
            if (!_members.TryGetValue(type.Identifier.Text, out var members))
            {
                _members.Add(type.Identifier.Text, members = []);
            }

            members.UnionWith(type.ChildNodes().SelectMany(Names));
        }
    }

    private static IEnumerable<string> Names(SyntaxNode member) => member switch
    {
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
        MethodDeclarationSyntax method => [method.Identifier.Text],
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        EnumMemberDeclarationSyntax value => [value.Identifier.Text],
        ParameterListSyntax parameters => parameters.Parameters.Select(parameter => parameter.Identifier.Text),
        _ => [],
    };

    [GeneratedRegex("^[ \t]+|\r$", RegexOptions.Multiline)]
    private static partial Regex LineStart();
}
