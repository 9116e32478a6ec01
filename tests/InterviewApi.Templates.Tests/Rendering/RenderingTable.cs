using System.Collections;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// What a template generates in every combination: for each path its distinct renderings, and which combination has which.
/// </summary>
internal sealed class RenderingTable(OptionSpace space, IReadOnlyDictionary<string, RenderedFile> files)
{
    public OptionSpace Space { get; } = space;

    /// <summary>By path relative to the project, in ordinal order.</summary>
    public SortedDictionary<string, RenderedFile> Files { get; } = new(files.ToDictionary(), StringComparer.Ordinal);

    public int DistinctRenderings => Files.Values.Sum(file => file.Contents.Count);

    /// <summary>The files of one combination.</summary>
    public IEnumerable<(string Path, byte[] Content)> Project(int combination) =>
        from file in Files
        let rendering = file.Value.RenderingOf[combination]
        where rendering != RenderedFile.Absent
        select (file.Key, file.Value.Contents[rendering]);

    /// <summary>
    /// One combination for each distinct set of renderings of the files whose path begins so; those without any are left out.
    /// </summary>
    public IReadOnlyList<int> DistinctProjects(params string[] prefixes)
    {
        var files = Files.Where(file => prefixes.Any(prefix => file.Key.StartsWith(prefix, StringComparison.Ordinal)))
            .Select(file => file.Value).ToArray();

        return [.. Enumerable.Range(0, Space.Count)
            .Where(number => files.Any(file => file.RenderingOf[number] != RenderedFile.Absent))
            .DistinctBy(number => string.Join(',', files.Select(file => file.RenderingOf[number])))];
    }

    /// <summary>The same table with each content replaced; renderings that become equal become one.</summary>
    public RenderingTable Map(Func<string, byte[], byte[]> map)
    {
        var mapped = new Dictionary<string, RenderedFile>();
        foreach (var (path, file) in Files)
        {
            var builder = new RenderedFileBuilder(Space.Count);
            var contents = file.Contents.Select(content => map(path, content)).ToArray();
            for (var number = 0; number < Space.Count; number++)
            {
                if (file.RenderingOf[number] is var rendering and not RenderedFile.Absent)
                {
                    builder.Add(number, contents[rendering]);
                }
            }

            mapped.Add(path, builder.Build());
        }

        return new RenderingTable(Space, mapped);
    }

    public string Describe(Func<int, bool> isMember)
    {
        var members = new BitArray(Space.Count);
        for (var number = 0; number < Space.Count; number++)
        {
            members[number] = isMember(number);
        }

        return Condition.Describe(Space, members);
    }
}
