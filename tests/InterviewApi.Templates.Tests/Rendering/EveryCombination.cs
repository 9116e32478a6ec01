using System.Collections.Concurrent;
using System.Diagnostics;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// What every combination of a template generates, found out in this process, on all cores, without writing a file. The
/// engine runs for as many combinations as show every file under every assignment of the options that can matter to it;
/// each other combination is put together from files of those.
/// </summary>
internal static class EveryCombination
{
    /// <summary>
    /// The name of the generated project: its forms as a path, a namespace and an image name all differ from the template's.
    /// </summary>
    public const string ProjectName = "Acme.Shop";

    /// <param name="template">The template.</param>
    /// <param name="full">Whether the engine runs for every combination, and nothing is put together.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task<Rendered> RenderAsync(TemplateDefinition template, bool full, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var (space, sources, relevant) = (template.Space, new RelevantOptions(template), OptionsByPath(template));
        var runs = full ? [.. Enumerable.Range(0, space.Count)] : RenderingRuns.Choose(space, relevant.Values);
        var (outputs, origins) = await RunAsync(template, runs, cancellationToken);
        var files = origins.GroupBy(origin => origin.Path, StringComparer.Ordinal).ToDictionary(
            path => path.Key,
            path => Assemble(space, path.Key, runs, outputs, full
                ? [.. Enumerable.Range(0, space.Options.Count)]
                : [.. path.SelectMany(origin => sources.PathsOf(origin.Source)).SelectMany(name => relevant[name]).Distinct().Order()]));

        return new Rendered(new RenderingTable(space, files), runs.Count, clock.Elapsed);
    }

    // Files of several sources that have the same path there may become one file: what matters to one matters to all.
    private static Dictionary<string, HashSet<int>> OptionsByPath(TemplateDefinition template)
    {
        var sources = new RelevantOptions(template);
        var indexes = template.Options.Index().ToDictionary(option => option.Item.Symbol, option => option.Index);
        var byPath = new Dictionary<string, HashSet<int>>();
        foreach (var file in template.Files())
        {
            var options = sources.Of(file).Where(indexes.ContainsKey).Select(symbol => indexes[symbol]).ToArray();
            foreach (var path in sources.PathsOf(file))
            {
                byPath.TryAdd(path, []);
                byPath[path].UnionWith(options);
            }
        }

        return byPath;
    }

    private static async Task<(
        IReadOnlyDictionary<int, SortedDictionary<string, byte[]>> Outputs,
        IReadOnlyCollection<(string Source, string Path)> Origins)> RunAsync(
        TemplateDefinition template, IReadOnlyList<int> runs, CancellationToken cancellationToken)
    {
        var outputs = new ConcurrentDictionary<int, SortedDictionary<string, byte[]>>();
        var origins = new ConcurrentBag<(string Source, string Path)>();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(RunShareAsync, cancellationToken)));

        return (outputs, origins.ToHashSet());

        async Task RunShareAsync()
        {
            using var engine = await TemplateEngine.LoadAsync(template.Folder, cancellationToken);
            for (var run = Interlocked.Increment(ref next); run < runs.Count; run = Interlocked.Increment(ref next))
            {
                var files = await engine.GenerateAsync(ProjectName, template.Space[runs[run]].ToParameters(), cancellationToken);
                foreach (var path in files.Keys.ToArray())
                {
                    files[path] = Scrubber.RemoveFlags(path, files[path]);
                }

                outputs[runs[run]] = files;
            }

            foreach (var origin in engine.Origins)
            {
                origins.Add(origin);
            }
        }
    }

    private static RenderedFile Assemble(
        OptionSpace space, string path, IReadOnlyList<int> runs, IReadOnlyDictionary<int, SortedDictionary<string, byte[]>> outputs,
            int[] relevant)
    {
        var known = new Dictionary<int, byte[]?>();
        foreach (var run in runs)
        {
            var (assignment, content) = (space.Reduce(run, relevant), outputs[run].GetValueOrDefault(path));
            if (!known.TryAdd(assignment, content) && !ContentComparer.Instance.Equals(known[assignment], content))
            {
                var options = string.Join(", ", relevant.Select(option => space.Options[option].Flag));
                throw new InvalidDataException($"{path} depends on more than the options that its source names ({options}): {space[run]}");
            }
        }

        var file = new RenderedFileBuilder(space.Count);
        for (var number = 0; number < space.Count; number++)
        {
            if (known[space.Reduce(number, relevant)] is { } content)
            {
                file.Add(number, content);
            }
        }

        return file.Build();
    }
}
