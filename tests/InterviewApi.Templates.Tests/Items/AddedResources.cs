using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>Resources in a project: one with every type that another refers to, one that clients only read.</summary>
internal static class AddedResources
{
    /// <summary>The arguments of the commands, for a project with or without accounts.</summary>
    public static IReadOnlyList<string> Commands(bool hasAccounts) =>
    [
        "Customer --fields \"Name:string Email:string? Parent:ref(Customer)?\" --versions both",
        $"{ResourceCommands.Everything} --plural OrderLine{(hasAccounts ? " --owned" : "")}",
        "Country --fields \"Code:string\" --operations read",
    ];

    /// <summary>
    /// A filter for tests by their class, and for those that a new resource can break; the others are run for many projects already.
    /// </summary>
    public static string TestsOf(params IEnumerable<string> classes) => string.Join('|', ((string[])
    [
        .. classes, "LayerTests", "ResourceTests", "ApiDocumentTests", "MigrationTests",
    ]).Select(name => $"FullyQualifiedName~.{name}"));

    /// <summary>Adds them to some of the combinations.</summary>
    public static async Task<RenderingTable> ToAsync(RenderingTable table, IReadOnlyCollection<Combination> some)
    {
        var files = new Dictionary<string, RenderedFileBuilder>();
        foreach (var hasAccounts in (bool[])[false, true])
        {
            using var engine = await ResourceEngine.LoadAsync(hasAccounts);
            var combinations = some.Where(combination => combination.Value("auth") != "none" == hasAccounts).ToArray();
            foreach (var command in Commands(hasAccounts))
            {
                foreach (var (path, content)
                    in (await engine.RenderAsync(command)).Where(file => file.Key.EndsWith(".cs", StringComparison.Ordinal)))
                {
                    files.TryAdd(path, new RenderedFileBuilder(table.Space.Count));
                    foreach (var combination in combinations)
                    {
                        files[path].Add(combination.Number, content);
                    }
                }
            }
        }

        return new RenderingTable(
            table.Space, table.Files.Concat(files.Select(file => KeyValuePair.Create(file.Key, file.Value.Build()))).ToDictionary());
    }
}
