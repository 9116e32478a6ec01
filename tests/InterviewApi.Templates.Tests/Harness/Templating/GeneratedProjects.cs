using System.Collections.Concurrent;
using InterviewApi.Templates.Tests.Options;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The rows of the covering array, each generated once per run by <c>dotnet new</c> from the package.</summary>
internal static class GeneratedProjects
{
    private static readonly ConcurrentDictionary<int, Lazy<Task<(GeneratedProject, SortedDictionary<string, byte[]>)>>> ByRow = new();

    /// <summary>The project, and its files as they were before anything was built.</summary>
    public static Task<(GeneratedProject Project, SortedDictionary<string, byte[]> Files)> OfRowAsync(int row) =>
        ByRow.GetOrAdd(row, key => new(() => GenerateAsync(CoveringArray.Rows[key]))).Value;

    private static async Task<(GeneratedProject, SortedDictionary<string, byte[]>)> GenerateAsync(
        (string Name, Combination Combination) row)
    {
        var hive = await TemplateHive.InstalledAsync();
        var project = await hive.GenerateAsync(row.Name, row.Combination);

        return (project, project.ReadFiles());
    }
}
