using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;
using Microsoft.CodeAnalysis;

namespace InterviewApi.Templates.Tests.Compiling;

/// <summary>
/// Asks MSBuild once for the compiler's command line of each project under each distinct set of build files
/// (projects, props, .editorconfig): what is compiled in this process is what a build would compile.
/// </summary>
internal sealed class BuildContexts
{
    private const string Targets = """
        <Project>
          <Target Name="WriteCompilerArguments" DependsOnTargets="Compile">
            <WriteLinesToFile File="$(MSBuildProjectFullPath).rsp" Lines="@(CscCommandLineArgs)" Overwrite="true" />
          </Target>
        </Project>
        """;

    private const string Collector = """
        <Project>
          <ItemGroup><Candidate Include="*/**/*.csproj" /></ItemGroup>
          <Target Name="Collect">
            <MSBuild Projects="@(Candidate)" Targets="WriteCompilerArguments" BuildInParallel="true"
                     Properties="SkipCompilerExecution=true;ProvideCommandLineArgs=true;DesignTimeBuild=true;BuildProjectReferences=false;CustomAfterMicrosoftCommonTargets=$(MSBuildThisFileDirectory)Collect.targets" />
          </Target>
        </Project>
        """;

    private readonly Dictionary<string, IReadOnlyDictionary<string, BuildContext>> _bySet = [];
    private readonly RenderingTable _table;
    private readonly CompilerAssets _assets;
    private readonly string[] _buildFiles;

    private BuildContexts(RenderingTable table, CompilerAssets assets)
    {
        (_table, _assets) = (table, assets);
        _buildFiles = [
            .. table.Files.Keys.Where(
                path => Path.GetExtension(path) is ".csproj" or ".props" or ".targets" or ".editorconfig" or ".globalconfig")];
    }

    public int Count => _bySet.Count;

    /// <summary>The contexts of one combination's projects, by the path of the project file.</summary>
    public IReadOnlyDictionary<string, BuildContext> Of(int combination) => _bySet[Key(combination)];

    /// <summary>The sources of one project of a combination.</summary>
    public IEnumerable<SyntaxTree> Sources(string project, int combination) => Sources(_table, project, combination);

    /// <summary>The same where files were added to what the template generates.</summary>
    public IEnumerable<SyntaxTree> Sources(RenderingTable table, string project, int combination)
    {
        var (folder, options) = (project[..(project.LastIndexOf('/') + 1)], Of(combination)[project].ParseOptions);

        return table.Project(combination)
            .Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal) && file.Path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => _assets.Parse(BuildContext.PathOf(file.Path), file.Content, options));
    }

    /// <summary>Collects the contexts of some combinations, and thereby those of all others that have the same build files.</summary>
    public static async Task<BuildContexts> CollectAsync(RenderingTable table, IEnumerable<int> combinations, CompilerAssets assets)
    {
        var contexts = new BuildContexts(table, assets);
        var folder = new TemporaryFolder($"contexts-{Guid.NewGuid():N}").Path;
        var sets = combinations.GroupBy(contexts.Key).Select(
            (set, index) => (set.Key, Combination: set.First(), Name: $"{index}")).ToArray();

        foreach (var (_, combination, name) in sets)
        {
            // Sources are there as empty files: MSBuild looks for .editorconfig files from their folders upwards.
            foreach (var (path, content) in table.Project(combination)
                .Where(file => contexts._buildFiles.Contains(file.Path) || file.Path.EndsWith(".cs", StringComparison.Ordinal)))
            {
                var target = Path.Combine(folder, name, path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                await File.WriteAllBytesAsync(target, contexts._buildFiles.Contains(path) ? content : []);
            }
        }

        var projects = Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path)).ToArray();
        await File.WriteAllTextAsync(Path.Combine(folder, "Collect.targets"), Targets);
        await File.WriteAllTextAsync(Path.Combine(folder, "Collect.proj"), Collector);
        var solution = projects.Select((path, index) => $"<Folder Name=\"/{index}/\"><Project Path=\"{path}\" /></Folder>");
        await File.WriteAllTextAsync(Path.Combine(folder, "All.slnx"), $"<Solution>{string.Concat(solution)}</Solution>");

        var patience = TimeSpan.FromMinutes(5);
        (await Cli.DotnetAsync(folder, patience, ["restore", "All.slnx"])).EnsureSucceeded();
        (
            await Cli.DotnetAsync(
                folder, patience,
                ["msbuild", "Collect.proj", "-t:Collect", $"-m:{Environment.ProcessorCount}", "-nodeReuse:false"])).EnsureSucceeded();

        foreach (var (key, _, name) in sets)
        {
            var root = Path.Combine(folder, name);
            contexts._bySet.Add(
                key, projects.Where(path => path.StartsWith(name + Path.DirectorySeparatorChar, StringComparison.Ordinal)).ToDictionary(
                path => path[(name.Length + 1)..].Replace('\\', '/'),
                path => new BuildContext(
                    root, Path.GetDirectoryName(path[(name.Length + 1)..])!, File.ReadLines(Path.Combine(folder, path + ".rsp")), assets)));
        }

        return contexts;
    }

    private string Key(int combination) => string.Join(',', _buildFiles.Select(path => _table.Files[path].RenderingOf[combination]));
}
