using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>
/// Few combinations that show everything: for each file, every assignment of values to the options that can matter to it.
/// </summary>
internal static class RenderingRuns
{
    /// <param name="space">All combinations.</param>
    /// <param name="relevant">Sets of options, by their index.</param>
    /// <returns>Numbers of combinations; always the same for the same sets.</returns>
    public static IReadOnlyList<int> Choose(OptionSpace space, IEnumerable<IReadOnlyCollection<int>> relevant)
    {
        var sets = relevant.Select(set => set.Order().ToArray()).DistinctBy(set => string.Join(',', set)).ToArray();
        var widest = sets.Where(set => !sets.Any(other => other.Length > set.Length && set.All(other.Contains))).ToArray();
        var open = widest.Select(set => space.Project(set).ToHashSet()).ToArray();
        var chosen = new List<int>();
        while (open.Any(assignments => assignments.Count > 0))
        {
            var best = Enumerable.Range(0, space.Count)
                .MaxBy(number => widest.Index().Count(set => open[set.Index].Contains(space.Reduce(number, set.Item))));
            foreach (var (index, set) in widest.Index())
            {
                open[index].Remove(space.Reduce(best, set));
            }

            chosen.Add(best);
        }

        return chosen;
    }
}
