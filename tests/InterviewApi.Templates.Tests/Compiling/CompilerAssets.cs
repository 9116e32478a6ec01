using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace InterviewApi.Templates.Tests.Compiling;

/// <summary>What all compilations share: each reference, analyzer and distinct source is loaded once.</summary>
internal sealed class CompilerAssets
{
    private readonly AnalyzerLoader _loader = new();
    private readonly ConcurrentDictionary<(string, MetadataReferenceProperties), MetadataReference> _references = new();
    private readonly ConcurrentDictionary<string, Lazy<AnalyzerFileReference>> _analyzers = new();
    private readonly ConcurrentDictionary<(string Path, byte[] Content, CSharpParseOptions Options), SyntaxTree> _trees = new();

    public MetadataReference Reference(string path, MetadataReferenceProperties properties) =>
        _references.GetOrAdd((path, properties), key => MetadataReference.CreateFromFile(key.Item1, key.Item2));

    public ImmutableArray<DiagnosticAnalyzer> Analyzers(string path) => Load(path).GetAnalyzers(LanguageNames.CSharp);

    public ImmutableArray<ISourceGenerator> Generators(string path) => Load(path).GetGenerators(LanguageNames.CSharp);

    /// <summary>The content is told apart by its identity: a rendering table has each distinct one once.</summary>
    public SyntaxTree Parse(string path, byte[] content, CSharpParseOptions options) =>
        _trees.GetOrAdd(
            (path, content, options),
            key =>
                CSharpSyntaxTree.ParseText(SourceText.From(key.Content, key.Content.Length, canBeEmbedded: true), key.Options, key.Path));

    private AnalyzerFileReference Load(string path) =>
        _analyzers.GetOrAdd(Path.GetFullPath(path), key => new Lazy<AnalyzerFileReference>(() =>
        {
            var reference = new AnalyzerFileReference(key, _loader);
            reference.AnalyzerLoadFailed += (_, failure) =>
            {
                if (failure.ErrorCode != AnalyzerLoadFailureEventArgs.FailureErrorCode.NoAnalyzers)
                {
                    throw new InvalidOperationException($"The analyzers of {key} do not load: {failure.Message}", failure.Exception);
                }
            };

            return reference;
        })).Value;
}
