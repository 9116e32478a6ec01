namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>What a template generates, and what it took to find out: how often the engine ran, and the time.</summary>
internal sealed record Rendered(RenderingTable Table, int Runs, TimeSpan Elapsed)
{
    public double CombinationsPerSecond => Table.Space.Count / Elapsed.TotalSeconds;
}
