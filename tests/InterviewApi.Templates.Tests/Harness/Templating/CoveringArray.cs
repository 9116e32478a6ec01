using System.Globalization;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// The combinations that are really built: every two values of every two options meet, and every project name meets every
/// database. With COMBINATIONS=all: every combination that differs in code. SHARE=2/8 builds the second of eight shares of
/// either.
/// </summary>
internal static class CoveringArray
{
    /// <summary>Names that people type and that break other templates.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Acme.Shop", "my-api", "2fast.api", "My App", "class", "Product", "System", "Überprüfung.Größe"];

    private static readonly Lazy<IReadOnlyList<(string Name, Combination Combination)>> Chosen = new(() =>
        Environment.GetEnvironmentVariable("COMBINATIONS") == "all" ? EveryCode() : Pairwise());

    public static IReadOnlyList<(string Name, Combination Combination)> Rows => Chosen.Value;

    /// <summary>The option that every name meets.</summary>
    public static TemplateOption Database { get; } = Suite.Template.Options.Single(option => option.Flag == "database");

    public static IReadOnlyList<(string Name, Combination Combination)> Pairwise()
    {
        var options = Suite.Template.Options;
        var pairs = PairwiseArray.Build([.. options.Select(option => option.Values.Count)]);
        var database = options.ToList().IndexOf(Database);

        return [.. Enumerable.Range(0, Database.Values.Count).SelectMany(value => WithDatabase(pairs, database, value))];
    }

    // The rows that have the database, and as many of the others, moved to it, as there are names left.
    private static IEnumerable<(string Name, Combination Combination)> WithDatabase(IReadOnlyList<int[]> pairs, int database, int value)
    {
        var own = pairs.Where(row => row[database] == value).ToArray();
        var moved = pairs.Where(row => row[database] != value).Select(row => (int[])[.. row[..database], value, .. row[(database + 1)..]]);

        return own.Concat(moved).Take(Math.Max(own.Length, Names.Count)).Select((row, index) => (Names[index % Names.Count], Suite.Template.Space.Of(row)));
    }

    /// <summary>Whether this run builds the row with this index.</summary>
    public static bool IsInShare(int index)
    {
        var share = Environment.GetEnvironmentVariable("SHARE")?.Split('/').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();

        return share is not [var number, var of] || index % of == number - 1;
    }

    // The options that change no project, source or setting of one turn with the rows, so that they are not all at their defaults.
    private static List<(string Name, Combination Combination)> EveryCode()
    {
        var table = Suite.RenderedAsync().GetAwaiter().GetResult();
        var code = table.Files.Where(file => Path.GetExtension(file.Key) is ".cs" or ".csproj" or ".props" or ".targets").Select(file => file.Value).ToArray();

        return [.. table.Space.All()
            .GroupBy(combination => string.Join(',', code.Select(file => file.RenderingOf[combination.Number])))
            .Select((group, index) => (EveryCombination.ProjectName, group.ElementAt(index % group.Count())))];
    }
}
