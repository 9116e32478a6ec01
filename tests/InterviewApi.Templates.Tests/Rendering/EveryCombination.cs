using System.Collections.Concurrent;
using System.Diagnostics;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>Generates every combination of a template in this process, on all cores, without writing a file.</summary>
internal static class EveryCombination
{
    /// <summary>The name of the generated project: its forms as a path, a namespace and an image name all differ from the template's.</summary>
    public const string ProjectName = "Acme.Shop";

    public static async Task<(RenderingTable Table, TimeSpan Elapsed)> RenderAsync(TemplateDefinition template, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var files = new ConcurrentDictionary<string, RenderedFileBuilder>();
        var next = -1;

        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(RenderShareAsync, cancellationToken)));

        return (new RenderingTable(template.Space, files.ToDictionary(file => file.Key, file => file.Value.Build())), clock.Elapsed);

        async Task RenderShareAsync()
        {
            using var engine = await TemplateEngine.LoadAsync(template.Folder, cancellationToken);
            for (var number = Interlocked.Increment(ref next); number < template.Space.Count; number = Interlocked.Increment(ref next))
            {
                foreach (var (path, content) in await engine.GenerateAsync(ProjectName, template.Space[number].ToParameters(), cancellationToken))
                {
                    var file = files.GetOrAdd(path, _ => new RenderedFileBuilder(template.Space.Count));
                    lock (file)
                    {
                        file.Add(number, content);
                    }
                }
            }
        }
    }
}
