using System.Collections;
using System.Collections.Concurrent;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;
using Microsoft.CodeAnalysis;

namespace InterviewApi.Templates.Tests.Compiling;

/// <summary>
/// Compiles combinations that differ in code, in this process: each distinct set of sources and build files once,
/// with the analyzers and generators of a real build. A project that others refer to is compiled before them, and once
/// for all of them.
/// </summary>
internal sealed class EveryCompilation
{
    private readonly RenderingTable _table;
    private readonly BuildContexts _contexts;
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _findings = new();

    private EveryCompilation(RenderingTable table, BuildContexts contexts) => (_table, _contexts) = (table, contexts);

    /// <summary>How many sets of sources were compiled, and each finding with the combinations that have it.</summary>
    public static async Task<(int Compilations, IReadOnlyList<string> Problems)> DiagnoseAsync(
        RenderingTable table, CancellationToken cancellationToken)
    {
        var every = Enumerable.Range(0, table.Space.Count).ToArray();
        return await DiagnoseAsync(table, every, await BuildContexts.CollectAsync(table, every, new CompilerAssets()), cancellationToken);
    }

    /// <summary>The same for some combinations, with build contexts that are there already.</summary>
    public static async Task<(int Compilations, IReadOnlyList<string> Problems)> DiagnoseAsync(
        RenderingTable table, IReadOnlyCollection<int> combinations, BuildContexts contexts, CancellationToken cancellationToken)
    {
        var run = new EveryCompilation(table, contexts);

        // Combinations with the same sources in every project share one compilation of each of them, and solutions that
        // differ only in what nothing refers to, such as tests, are done one after another and share the rest.
        var solutions = combinations.GroupBy(run.SolutionKey).Select(group => group.First());
        var groups = new ConcurrentQueue<int[]>(
            solutions.GroupBy(run.SharedKey).Select(group => group.ToArray()).OrderByDescending(group => group.Length));
        await Task.WhenAll(
            Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => run.DiagnoseGroupsAsync(groups, cancellationToken), cancellationToken)));

        return (run._findings.Count, run.Problems(combinations));
    }

    private async Task DiagnoseGroupsAsync(ConcurrentQueue<int[]> groups, CancellationToken cancellationToken)
    {
        var drivers = new Dictionary<BuildContext, GeneratorDriver>();
        while (groups.TryDequeue(out var solutions))
        {
            var compiled = new Dictionary<string, CompilationReference>();
            foreach (var combination in solutions)
            {
                await DiagnoseSolutionAsync(combination, compiled, drivers, cancellationToken);
            }
        }
    }

    private async Task DiagnoseSolutionAsync(
        int combination, Dictionary<string, CompilationReference> compiled, Dictionary<BuildContext, GeneratorDriver> drivers,
            CancellationToken cancellationToken)
    {
        var contexts = _contexts.Of(combination);
        var done = new Dictionary<string, CompilationReference>();
        while (contexts.FirstOrDefault(
            project =>
                !done.ContainsKey(AssemblyOf(project.Key))
                && project.Value.ProjectReferences.All(done.ContainsKey)) is { Value: { } context } project)
        {
            var key = ProjectKey(project.Key, context, combination);
            if (!compiled.TryGetValue(key, out var reference))
            {
                var trees = _contexts.Sources(_table, project.Key, combination);
                var compilation = context.Compile(trees, context.ProjectReferences.Select(name => done[name]));
                var driver = drivers.TryGetValue(context, out var known) ? known : context.CreateDriver();
                drivers[context] = driver.RunGeneratorsAndUpdateCompilation(
                    compilation, out var complete, out var generatorFindings, cancellationToken);
                reference = ((Microsoft.CodeAnalysis.CSharp.CSharpCompilation)complete).ToMetadataReference();
                if (IsShared(project.Key, contexts))
                {
                    compiled.Add(key, reference);
                }

                if (_findings.TryAdd(key, []))
                {
                    _findings[key] =
                    [
                        .. generatorFindings.Where(finding => finding.Severity >= DiagnosticSeverity.Warning)
                            .Concat(await context.DiagnoseAsync(complete, cancellationToken)).Select(Describe),
                    ];
                }
            }

            done.Add(AssemblyOf(project.Key), reference);
        }

        if (done.Count != contexts.Count)
        {
            throw new InvalidOperationException($"The projects {string.Join(", ", contexts.Keys)} refer to each other in a circle.");
        }
    }

    private List<string> Problems(IReadOnlyCollection<int> combinations)
    {
        var (compiled, members) = (new BitArray(_table.Space.Count), new SortedDictionary<string, BitArray>(StringComparer.Ordinal));
        foreach (var number in combinations)
        {
            compiled[number] = true;
            foreach (var finding in _contexts.Of(number).SelectMany(project => _findings[ProjectKey(project.Key, project.Value, number)]))
            {
                members.TryAdd(finding, new BitArray(_table.Space.Count));
                members[finding][number] = true;
            }
        }

        return [.. members.Select(problem => $"{problem.Key} ({Condition.Describe(_table.Space, problem.Value, compiled)})")];
    }

    private static string Describe(Diagnostic finding)
    {
        var span = finding.Location.GetMappedLineSpan();
        var place = span.IsValid
            ? $"{BuildContext.FileOf(span.Path)}({span.StartLinePosition.Line + 1},{span.StartLinePosition.Character + 1})" : "the project";

        return $"{place}: {finding.Id}: {finding.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }

    private string SolutionKey(int combination) =>
        string.Join(';', _contexts.Of(combination).Select(project => ProjectKey(project.Key, project.Value, combination)));

    private string SharedKey(int combination)
    {
        var contexts = _contexts.Of(combination);

        return string.Join(
            ';',
            contexts.Where(project => IsShared(project.Key, contexts))
            .Select(project => ProjectKey(project.Key, project.Value, combination)));
    }

    private static bool IsShared(string project, IReadOnlyDictionary<string, BuildContext> contexts) =>
        contexts.Values.Any(other => other.ProjectReferences.Contains(AssemblyOf(project)));

    // A project's findings depend on its own sources and on those of the projects that it refers to.
    private string ProjectKey(string project, BuildContext context, int combination)
    {
        var folders = _contexts.Of(combination)
            .Where(other => other.Key == project || context.ProjectReferences.Contains(AssemblyOf(other.Key)))
            .Select(other => other.Key[..(other.Key.LastIndexOf('/') + 1)]).ToArray();
        var sources = _table.Files.Where(
            file =>
                file.Key.EndsWith(".cs", StringComparison.Ordinal)
                && folders.Any(folder => file.Key.StartsWith(folder, StringComparison.Ordinal)));

        return $"{project}@{context.GetHashCode()}:{string.Join(',', sources.Select(file => file.Value.RenderingOf[combination]))}";
    }

    private static string AssemblyOf(string project) => Path.GetFileNameWithoutExtension(project);
}
