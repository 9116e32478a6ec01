namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>Collects the renderings of one path, in any order of combinations. Not safe for use by several threads.</summary>
internal sealed class RenderedFileBuilder(int combinations)
{
    private readonly Dictionary<byte[], int> _seen = new(ContentComparer.Instance);
    private readonly List<byte[]> _contents = [];
    private readonly int[] _renderingOf = [.. Enumerable.Repeat(RenderedFile.Absent, combinations)];

    public void Add(int combination, byte[] content)
    {
        if (!_seen.TryGetValue(content, out var rendering))
        {
            _seen.Add(content, rendering = _contents.Count);
            _contents.Add(content);
        }

        _renderingOf[combination] = rendering;
    }

    public RenderedFile Build()
    {
        // Threads finish in any order: the numbers that they gave are replaced by those of the first combination.
        var order = _renderingOf.Where(rendering => rendering != RenderedFile.Absent).Distinct().ToArray();
        var renumbered = order.Select((old, index) => (old, index)).ToDictionary(pair => pair.old, pair => pair.index);

        return new RenderedFile(
            [.. order.Select(rendering => _contents[rendering])],
            [.. _renderingOf.Select(rendering => rendering == RenderedFile.Absent ? RenderedFile.Absent : renumbered[rendering])]);
    }
}
