using System.Collections.Immutable;
using System.Text;
using InterviewApi.Templates.Tests.Engine;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace InterviewApi.Templates.Tests.Compiling;

/// <summary>
/// All that a build hands to the compiler for one project beside the project's own sources, taken from the compiler's
/// command line. Paths are moved to one imaginary folder, so that equal sources are equal in every context.
/// </summary>
internal sealed class BuildContext
{
    private static readonly string ImaginaryRoot = Path.Combine(Path.GetTempPath(), "combination");

    private readonly CSharpCommandLineArguments _arguments;
    private readonly CSharpCompilationOptions _options;
    private readonly ImmutableArray<MetadataReference> _references;
    private readonly ImmutableArray<SyntaxTree> _suppliedSources;
    private readonly AnalyzerOptions _analyzerOptions;
    private readonly ImmutableArray<DiagnosticAnalyzer> _analyzers;
    private readonly ImmutableArray<ISourceGenerator> _generators;

    /// <summary>The references to other projects, by the name of their assembly.</summary>
    public ImmutableArray<string> ProjectReferences { get; }

    public BuildContext(string root, string projectFolder, IEnumerable<string> commandLine, CompilerAssets assets)
    {
        var real = Path.Combine(root, projectFolder);
        _arguments = CSharpCommandLineParser.Default.Parse(commandLine, real, SdkAssemblies.SdkFolder);
        if (_arguments.Errors.Any(error => error.Severity == DiagnosticSeverity.Error))
        {
            throw new InvalidOperationException(
                $"The compiler's command line of {projectFolder} has errors: {string.Join('\n', _arguments.Errors)}");
        }

        string Imagine(string path) => path.StartsWith(root, StringComparison.Ordinal) ? ImaginaryRoot + path[root.Length..] : path;
        var configTexts = _arguments.AnalyzerConfigPaths.ToDictionary(
            Imagine, path => File.ReadAllText(path).Replace(root, ImaginaryRoot, StringComparison.Ordinal));
        var configs = AnalyzerConfigSet.Create<AnalyzerConfig[]>(
            [.. configTexts.Select(config => AnalyzerConfig.Parse(config.Value, config.Key))]);

        _options = _arguments.CompilationOptions
            .WithSyntaxTreeOptionsProvider(new ConfigSeverities(configs))
            .WithConcurrentBuild(false);
        _suppliedSources = [
            .. _arguments.SourceFiles.Where(file => !IsOwnSource(file.Path, real))
            .Select(file => assets.Parse(Imagine(file.Path), File.ReadAllBytes(file.Path), _arguments.ParseOptions))];

        var projectReferences = _arguments.MetadataReferences.Where(
            reference => reference.Reference.StartsWith(root, StringComparison.Ordinal)).ToArray();
        ProjectReferences = [.. projectReferences.Select(reference => Path.GetFileNameWithoutExtension(reference.Reference))];
        _references = [
            .. _arguments.MetadataReferences.Except(projectReferences)
            .Select(reference => assets.Reference(reference.Reference, reference.Properties))];

        var additional = _arguments.AdditionalFiles.Select(
            file => (AdditionalText)new SuppliedText(Imagine(file.Path), File.ReadAllText(file.Path)));
        _analyzerOptions = new AnalyzerOptions([.. additional], new ConfigOptions(configs));
        var filter = new AnalyzerFilter(_options, configTexts.Values);
        _analyzers = [.. _arguments.AnalyzerReferences.SelectMany(reference => assets.Analyzers(reference.FilePath)).Where(filter.Needs)];
        _generators = [.. _arguments.AnalyzerReferences.SelectMany(reference => assets.Generators(reference.FilePath))];
    }

    public static string PathOf(string file) => Path.Combine(ImaginaryRoot, file.Replace('/', Path.DirectorySeparatorChar));

    public static string FileOf(string path) =>
        path.StartsWith(ImaginaryRoot, StringComparison.Ordinal) ? path[(ImaginaryRoot.Length + 1)..].Replace('\\', '/') : path;

    public CSharpParseOptions ParseOptions => _arguments.ParseOptions;

    public GeneratorDriver CreateDriver() =>
        CSharpGeneratorDriver.Create(
            _generators, _analyzerOptions.AdditionalFiles, _arguments.ParseOptions, _analyzerOptions.AnalyzerConfigOptionsProvider);

    public CSharpCompilation Compile(IEnumerable<SyntaxTree> sources, IEnumerable<MetadataReference> projects) =>
        CSharpCompilation.Create(_arguments.CompilationName, [.. sources, .. _suppliedSources], [.. _references, .. projects], _options);

    /// <summary>Warnings and errors of the compiler and of every analyzer.</summary>
    public async Task<ImmutableArray<Diagnostic>> DiagnoseAsync(Compilation compilation, CancellationToken cancellationToken)
    {
        var options = new CompilationWithAnalyzersOptions(
            _analyzerOptions, onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        var found = await compilation.WithAnalyzers(_analyzers, options).GetAllDiagnosticsAsync(cancellationToken);

        return [.. found.Where(diagnostic => !diagnostic.IsSuppressed && diagnostic.Severity >= DiagnosticSeverity.Warning)];
    }

    private static bool IsOwnSource(string path, string project) =>
        path.StartsWith(project + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        && !path.StartsWith(Path.Combine(project, "obj") + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private sealed class SuppliedText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text, Encoding.UTF8);
    }
}
