using Microsoft.TemplateEngine.Abstractions;
using Microsoft.TemplateEngine.Abstractions.Components;
using Microsoft.TemplateEngine.Abstractions.Parameters;
using Microsoft.TemplateEngine.Edge;
using Microsoft.TemplateEngine.Edge.Settings;
using DefaultHost = Microsoft.TemplateEngine.Edge.DefaultTemplateEngineHost;

namespace InterviewApi.Templates.Tests.Engine;

/// <summary>
/// Generates projects from a template's folder in this process, with the engine that <c>dotnet new</c> uses.
/// One instance serves one thread.
/// </summary>
internal sealed class TemplateEngine : IDisposable
{
    /// <summary>The identifier of <c>dotnet new</c>, which the template's conditions on the host see.</summary>
    public const string CommandLine = "dotnetcli";

    private static readonly string MemoryFolder = Path.Combine(Path.GetTempPath(), "in-memory-only");
    private static readonly string SettingsFolder = Path.Combine(MemoryFolder, "settings");
    private static readonly string OutputFolder = Path.Combine(MemoryFolder, "project");

    private readonly MemoryFileSystem _files;
    private readonly EngineEnvironmentSettings _settings;
    private readonly ScanResult _scan;
    private readonly IGenerator _generator;
    private readonly IScanTemplateInfo _info;
    private readonly string _templateFolder;

    private TemplateEngine(
        string templateFolder, string? shortName, EngineEnvironmentSettings settings, MemoryFileSystem files, ScanResult scan)
    {
        (_templateFolder, _settings, _files, _scan) = (templateFolder, settings, files, scan);
        _info = scan.Templates.Single(template => shortName is null || template.ShortNameList.Contains(shortName));
        _generator = settings.Components.OfType<IGenerator>().Single(g => g.Id == _info.GeneratorId);
    }

    public static IEnumerable<(Type InterfaceType, IIdentifiedComponent Instance)> AllComponents =>
        Components.AllComponents.Concat(Microsoft.TemplateEngine.Orchestrator.RunnableProjects.Components.AllComponents);

    /// <summary>What an editor opens after the last generation: paths relative to the project, with '/'.</summary>
    public IReadOnlyList<string> PrimaryOutputs { get; private set; } = [];

    /// <summary>The template's file behind each file that was ever generated: both paths relative, with '/'.</summary>
    public IEnumerable<(string Source, string Path)> Origins => _files.Origins
        .Where(origin => origin.Target.StartsWith(OutputFolder, StringComparison.Ordinal))
        .Select(origin => (Relative(_templateFolder, origin.Source), Relative(OutputFolder, origin.Target)));

    /// <summary>Loads a template.</summary>
    /// <param name="templateFolder">The folder of the template, or one that holds several.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="hostIdentifier">Who generates: the command line, or an editor.</param>
    /// <param name="project">The project in which an item template is used.</param>
    /// <param name="shortName">Which of several templates; null if there is one.</param>
    public static async Task<TemplateEngine> LoadAsync(
        string templateFolder,
        CancellationToken cancellationToken,
        string hostIdentifier = CommandLine,
        ProjectProperties? project = null,
        string? shortName = null)
    {
        var components = project is null ? AllComponents : AllComponents.Append((typeof(IBindSymbolSource), project));
        var files = new MemoryFileSystem(MemoryFolder);
        var host = new Host(new DefaultHost(hostIdentifier, Path.GetFileName(SdkAssemblies.SdkFolder), [], [.. components]), files);
        files.WriteAllText(Path.Combine(SettingsFolder, hostIdentifier, host.Version, "settings.json"), "{}");
        var settings = new EngineEnvironmentSettings(host, virtualizeSettings: false, SettingsFolder);
        var scan = await new Scanner(settings)
            .ScanAsync(templateFolder, logValidationResults: false, returnInvalidTemplates: false, cancellationToken);

        return new TemplateEngine(templateFolder, shortName, settings, files, scan);
    }

    /// <summary>Every file of the project that the parameters yield, by path relative to the project, with '/'.</summary>
    /// <param name="name">The value of <c>--name</c>.</param>
    /// <param name="parameters">The values of the other parameters, by symbol.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="folder">The folder of the project for which an item is generated.</param>
    public async Task<SortedDictionary<string, byte[]>> GenerateAsync(
        string name, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken, string folder = "")
    {
        using var template = await _generator.LoadTemplateAsync(_settings, _info, null, cancellationToken)
            ?? throw new InvalidOperationException($"The engine does not load {_info.Identity}.");

        var values = template.ParameterDefinitions.Select(definition => Value(definition, name, parameters)).ToList();
        var created = await _generator.CreateAsync(
            _settings, template, new ParameterSetData(template.ParameterDefinitions, values), Path.Combine(OutputFolder, folder),
            cancellationToken);
        PrimaryOutputs = [.. created.PrimaryOutputs.Select(output => output.Path.Replace('\\', '/'))];

        return _files.TakeOutput(OutputFolder);
    }

    public void Dispose()
    {
        _scan.Dispose();
        _settings.Dispose();
    }

    private static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace('\\', '/');

    private ParameterData Value(ITemplateParameter definition, string name, IReadOnlyDictionary<string, string> parameters)
    {
        if (definition.IsName)
        {
            return new ParameterData(definition, name, DataSource.NameParameter);
        }

        var given = parameters.TryGetValue(definition.Name, out var text);
        var value = _generator.ConvertParameterValueToType(
            _settings, definition, given ? text! : definition.DefaultValue ?? "", out var failed);

        return failed
            ? throw new ArgumentException($"'{text}' is no value of the parameter '{definition.Name}'.", nameof(parameters))
            : new ParameterData(definition, value, given ? DataSource.User : DataSource.Default);
    }
}
