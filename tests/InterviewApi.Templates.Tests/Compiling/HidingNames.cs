using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace InterviewApi.Templates.Tests.Compiling;

/// <summary>
/// The names that no part of a generated project's namespace may have. C# looks for a simple name in the namespaces around
/// it before it asks the using directives, so the namespace of a project "Acme.Task" hides the class Task.
/// </summary>
internal sealed class HidingNames(BuildContexts contexts)
{
    private readonly Dictionary<int, IReadOnlyList<Compilation>> _compilations = [];

    /// <summary>
    /// The names of types and namespaces that a combination's code uses, where the project's own namespace could hide them.
    /// </summary>
    public IEnumerable<string> Used(int combination, CancellationToken cancellationToken) =>
        (from compilation in Compile(combination, cancellationToken)
         from tree in compilation.SyntaxTrees
         from name in Used(compilation.GetSemanticModel(tree), tree.GetRoot(cancellationToken))
         select name).Distinct();

    /// <summary>Names of public types and of namespaces that a combination has or sees without a using directive.</summary>
    public IReadOnlySet<string> InScope(int combination, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var compilation in Compile(combination, cancellationToken))
        {
            names.UnionWith(Members(compilation.Assembly.GlobalNamespace).Select(member => member.Name));
            names.UnionWith(Members(compilation.GlobalNamespace).OfType<INamespaceSymbol>().Select(ns => ns.Name));
            names.UnionWith(
                from tree in compilation.SyntaxTrees
                from directive in tree.GetCompilationUnitRoot(cancellationToken).Usings
                where directive.GlobalKeyword != default && directive.Name is not null
                let symbol = compilation.GetSemanticModel(tree).GetSymbolInfo(directive.Name!, cancellationToken).Symbol as INamespaceSymbol
                where symbol is not null
                from type in symbol.GetTypeMembers()
                where type.DeclaredAccessibility == Accessibility.Public
                select type.Name);
        }

        return names.Where(SyntaxFacts.IsValidIdentifier).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What no longer compiles when the names are namespaces beside the project's own, and above it.</summary>
    public IReadOnlyList<string> Try(int combination, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var namespaces = string.Concat(names.Select(name => $"namespace Acme.{name} {{ }} namespace {name} {{ }}\n"));

        return
        [
            .. from compilation in Compile(combination, cancellationToken)
               from finding in compilation.AddSyntaxTrees(
                   CSharpSyntaxTree.ParseText(
                       namespaces, (CSharpParseOptions)compilation.SyntaxTrees.First().Options,
                       cancellationToken: cancellationToken)).GetDiagnostics(cancellationToken)
               where finding.Severity >= DiagnosticSeverity.Warning
               select finding.ToString(),
        ];
    }

    private IReadOnlyList<Compilation> Compile(int combination, CancellationToken cancellationToken)
    {
        if (!_compilations.TryGetValue(combination, out var known))
        {
            var done = new Dictionary<string, Compilation>();
            foreach (var (path, context) in contexts.Of(combination).OrderBy(project => project.Value.ProjectReferences.Length))
            {
                var compilation = context.Compile(
                    contexts.Sources(path, combination), context.ProjectReferences.Select(name => done[name].ToMetadataReference()));
                context.CreateDriver().RunGeneratorsAndUpdateCompilation(compilation, out var complete, out _, cancellationToken);
                done.Add(Path.GetFileNameWithoutExtension(path), complete);
            }

            _compilations[combination] = known = [.. done.Values];
        }

        return known;
    }

    // The leftmost part of each name that means a type or a namespace. One with type arguments is not hidden: a namespace has none.
    private static IEnumerable<string> Used(SemanticModel model, SyntaxNode root) =>
        from name in root.DescendantNodes(descendIntoTrivia: true).OfType<IdentifierNameSyntax>()
        where name.Parent switch
        {
            QualifiedNameSyntax qualified => qualified.Left == name,
            MemberAccessExpressionSyntax access => access.Expression == name,
            AliasQualifiedNameSyntax => false,
            _ => !name.Ancestors().Any(node => node is UsingDirectiveSyntax),
        }
        let info = model.GetSymbolInfo(name)
        let symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault()
        let target = name.Parent is AttributeSyntax ? symbol?.ContainingType : symbol as INamespaceOrTypeSymbol
        where target is { ContainingType: null } and not ITypeParameterSymbol
            && target.Name.StartsWith(name.Identifier.ValueText, StringComparison.Ordinal)
            && !IsFoundFirst(target, name.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "")
        from text in name.Parent is AttributeSyntax ? new[] { target.Name, name.Identifier.ValueText } : [name.Identifier.ValueText]
        select text;

    // The namespaces of the project that stand around a name are asked before those that its name begins with.
    private static bool IsFoundFirst(INamespaceOrTypeSymbol target, string place) =>
        target is INamespaceSymbol ? target.Locations.Any(location => location.IsInSource)
        : target.ContainingNamespace.ToString() is { } home && target.Locations.Any(location => location.IsInSource)
            && (place + '.').StartsWith(home + '.', StringComparison.Ordinal);

    private static IEnumerable<INamespaceOrTypeSymbol> Members(INamespaceSymbol ns) =>
        ns.GetMembers().SelectMany(member => member is INamespaceSymbol inner ? Members(inner).Prepend(inner) : [member]);
}
