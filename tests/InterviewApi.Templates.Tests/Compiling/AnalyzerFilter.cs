using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace InterviewApi.Templates.Tests.Compiling;

/// <summary>
/// Leaves out analyzers that cannot report a warning or an error, as the compiler does in a build: most of the code style
/// analyzers only make suggestions to an editor.
/// </summary>
internal sealed partial class AnalyzerFilter(CompilationOptions options, IEnumerable<string> configs)
{
    private readonly HashSet<string> _raised = [
        .. configs.SelectMany(text => Raised().Matches(text)).Select(match => match.Groups["id"].Value)];
    private readonly HashSet<string> _lowered = [
        .. configs.Where(text => text.Contains("is_global", StringComparison.Ordinal))
        .SelectMany(text => Lowered().Matches(text))
        .Select(match => match.Groups["id"].Value)];
    private readonly bool _bulk = configs.Any(text => text.Contains("dotnet_analyzer_diagnostic.", StringComparison.Ordinal));

    public bool Needs(DiagnosticAnalyzer analyzer) => _bulk || analyzer.SupportedDiagnostics.Any(CanBeReported);

    private bool CanBeReported(DiagnosticDescriptor descriptor)
    {
        if (_raised.Contains(descriptor.Id) || descriptor.CustomTags.Contains(WellKnownDiagnosticTags.NotConfigurable))
        {
            return true;
        }

        if (options.SpecificDiagnosticOptions.TryGetValue(descriptor.Id, out var specific))
        {
            return specific is ReportDiagnostic.Warn or ReportDiagnostic.Error;
        }

        return descriptor.IsEnabledByDefault && descriptor.DefaultSeverity >= DiagnosticSeverity.Warning
            && !_lowered.Contains(descriptor.Id);
    }

    [GeneratedRegex(@"dotnet_diagnostic\.(?<id>\w+)\.severity\s*=\s*(?:warning|error)\b")]
    private static partial Regex Raised();

    [GeneratedRegex(@"dotnet_diagnostic\.(?<id>\w+)\.severity\s*=\s*(?:none|silent|suggestion)\b")]
    private static partial Regex Lowered();
}
