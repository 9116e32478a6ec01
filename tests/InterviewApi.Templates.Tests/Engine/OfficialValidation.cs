using Microsoft.TemplateEngine.Abstractions;
using Microsoft.TemplateEngine.Edge;
using Microsoft.TemplateEngine.Edge.Settings;
using DefaultHost = Microsoft.TemplateEngine.Edge.DefaultTemplateEngineHost;

namespace InterviewApi.Templates.Tests.Engine;

/// <summary>The checks that the engine makes when somebody installs a template or runs its authoring task.</summary>
internal static class OfficialValidation
{
    /// <summary>
    /// What the template does on purpose: its name has forms of its own, for paths, namespaces and images, and
    /// <c>sourceName</c> would put it everywhere as it is.
    /// </summary>
    public static IReadOnlyList<string> Accepted { get; } = ["Info MV005: Missing 'sourceName'."];

    /// <summary>Scans a folder or a package.</summary>
    /// <returns>Everything that the engine finds, as <c>SEVERITY CODE: MESSAGE</c>, and the names of the languages.</returns>
    public static async Task<(IReadOnlyList<string> Findings, IReadOnlyList<string> Languages)> ScanAsync(
        string location, CancellationToken cancellationToken)
    {
        using var host = new DefaultHost(
            TemplateEngine.CommandLine, Path.GetFileName(SdkAssemblies.SdkFolder), [], [.. TemplateEngine.AllComponents]);
        using var settings = new EngineEnvironmentSettings(host, virtualizeSettings: true);
        using var scan = await new Scanner(settings)
            .ScanAsync(location, logValidationResults: false, returnInvalidTemplates: true, cancellationToken);
        var found = scan.Templates.Count == 0 ? ["Error: there is no template."] : scan.Templates.SelectMany(template =>
            template.ValidationErrors.Concat(template.Localizations.Values.SelectMany(localization => localization.ValidationErrors))
                .Select(Describe));

        return ([.. found.Distinct()], [.. scan.Templates.SelectMany(template => template.Localizations.Keys).Distinct().Order()]);
    }

    private static string Describe(IValidationEntry entry) => $"{entry.Severity} {entry.Code}: {entry.ErrorMessage}";
}
