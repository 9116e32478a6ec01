namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>One path of the output.</summary>
/// <param name="Contents">Its distinct renderings, in the order of the first combination that has each.</param>
/// <param name="RenderingOf">For each combination the index of its rendering, or <see cref="Absent"/>.</param>
internal sealed record RenderedFile(IReadOnlyList<byte[]> Contents, IReadOnlyList<int> RenderingOf)
{
    public const int Absent = -1;
}
