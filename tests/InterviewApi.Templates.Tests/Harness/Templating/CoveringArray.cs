using System.Globalization;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// The combinations that are really built: every two values of every two options meet, and every project name meets every
/// database. With COMBINATIONS=all every three values of every three options meet. SHARE=2/8 builds the second of eight shares of
/// either.
/// </summary>
internal static class CoveringArray
{
    /// <summary>Names that people type and that break other templates.</summary>
    public static IReadOnlyList<string> Names { get; } = [
        "Acme.Shop", "my-api", "2fast.api", "My App", "class", "Product", "System", "Überprüfung.Größe"];

    private static readonly Lazy<IReadOnlyList<(string Name, Combination Combination)>> Chosen = new(() =>
        Environment.GetEnvironmentVariable("COMBINATIONS") == "all" ? Triples() : Pairwise());

    public static IReadOnlyList<(string Name, Combination Combination)> Rows => Chosen.Value;

    /// <summary>The option that every name meets.</summary>
    public static TemplateOption Database { get; } = Suite.Template.Options.Single(option => option.Flag == "database");

    public static IReadOnlyList<(string Name, Combination Combination)> Pairwise()
    {
        var options = Suite.Template.Options;
        var pairs = CoveringArrayBuilder.Build([.. options.Select(option => option.Values.Count)], 2);
        var database = options.ToList().IndexOf(Database);

        return [.. Enumerable.Range(0, Database.Values.Count).SelectMany(value => WithDatabase(pairs, database, value))];
    }

    private static List<(string Name, Combination Combination)> Triples() =>
    [
        .. CoveringArrayBuilder.Build([.. Suite.Template.Options.Select(option => option.Values.Count)], 3)
            .Select((row, index) => (Names[index % Names.Count], Suite.Template.Space.Of(row))),
    ];

    // The rows that have the database, and as many of the others, moved to it, as there are names left.
    private static IEnumerable<(string Name, Combination Combination)> WithDatabase(IReadOnlyList<int[]> pairs, int database, int value)
    {
        var own = pairs.Where(row => row[database] == value).ToArray();
        var moved = pairs.Where(row => row[database] != value).Select(row => (int[])[.. row[..database], value, .. row[(database + 1)..]]);

        return own.Concat(moved).Take(Math.Max(own.Length, Names.Count))
            .Select((row, index) => (Names[index % Names.Count], Suite.Template.Space.Of(row)));
    }

    /// <summary>Whether this run builds the row with this index.</summary>
    public static bool IsInShare(int index)
    {
        var share = Environment.GetEnvironmentVariable("SHARE")?.Split('/').Select(
            part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();

        return share is not [var number, var of] || index % of == number - 1;
    }

    /// <summary>All defaults; all that they leave out, in two steps; the least.</summary>
    public static IReadOnlyList<Combination> Corners { get; } =
        [
            Suite.Template.Space[0], Suite.Template.Space.FirstWith(("auth", "oidc")),
            Suite.Template.Space.FirstWith(("database", "postgres"), ("cache", "redis")), Suite.Template.Space.All().Last()];

    /// <summary>
    /// What is compiled: every three values of the options that change code meet, and what is really built is there too; in
    /// a full run every combination.
    /// </summary>
    public static IReadOnlyList<Combination> Compiled(RenderingTable table)
    {
        var space = table.Space;
        if (Suite.Full)
        {
            return [.. space.All()];
        }

        var options = CodeOptions(table);
        var rows = CoveringArrayBuilder.Build([.. options.Select(option => space.Options[option].Values.Count)], 3);

        var triples = rows.Select(
            row => space[options.Index().Aggregate(0, (number, option) => space.With(number, option.Item, row[option.Index]))]);

        return [.. triples.Concat(Corners).Concat(Pairwise().Select(row => row.Combination)).DistinctBy(combination => combination.Number)];
    }

    /// <summary>The options that change a source, a project or a setting of one, by their index.</summary>
    public static IReadOnlyList<int> CodeOptions(RenderingTable table)
    {
        var code = Code(table);

        return
        [
            .. Enumerable.Range(0, table.Space.Options.Count).Where(option => Enumerable.Range(0, table.Space.Count)
                .Any(
                    number =>
                        table.Space.With(number, option, 0) is var other
                        && code.Any(file => file.RenderingOf[number] != file.RenderingOf[other]))),
        ];
    }

    private static RenderedFile[] Code(RenderingTable table) =>
        [
            .. table.Files.Where(file => Path.GetExtension(file.Key) is ".cs" or ".csproj" or ".props" or ".targets" or ".editorconfig")
            .Select(file => file.Value)];
}
