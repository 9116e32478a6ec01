using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>A project as its user has it after a while: what was generated, a resource, and edits of its own.</summary>
internal static partial class ProjectWithResource
{
    private const string Web = $"src/{EveryCombination.ProjectName}/";
    private const string Migrations = $"{Web}Core/Data/Migrations/";
    private const string Model = $"{Migrations}AppDbContextModelSnapshot.cs";
    private const string Entity = "Acme.Shop.Models.OrderLine";

    /// <summary>
    /// Adds the files and lines of a resource and of its migration, as their commands do, and edits files that everybody edits.
    /// </summary>
    public static SortedDictionary<string, byte[]> Of(
        Combination combination, IReadOnlyDictionary<string, byte[]> generated, IReadOnlyDictionary<string, byte[]> resource)
    {
        var files = new SortedDictionary<string, byte[]>(generated.ToDictionary(), StringComparer.Ordinal);
        foreach (var (path, content) in resource.Where(file => !file.Key.EndsWith(".targets", StringComparison.Ordinal)))
        {
            files.Add(path, content);
        }

        Edit(
            Web + "Api/V2/ApiV2.cs",
            text => text.Replace("        return api;", "        api.MapOrderLines();\n        return api;", StringComparison.Ordinal));
        Edit(
            Web + "Program.cs",
            text => LastRegistration()
            .Replace(
                text,
                "$1builder.Services.AddScoped<Acme.Shop.Repositories.OrderLineRepository>().AddScoped<Acme.Shop.Services.OrderLineService>();\n"));
        Edit(
            Web + "appsettings.json",
            text =>
                text.Replace(
                    "  \"Logging\": {\n    \"LogLevel\": {\n", "  \"Logging\": {\n    \"LogLevel\": {\n      \"Acme.Shop\": \"Debug\",\n",
                    StringComparison.Ordinal));
        Edit("README.md", text => text.Replace("## Run it", "Orders come from the shop.\n\n## Run it", StringComparison.Ordinal));
        Edit(
            "Directory.Packages.props",
            text =>
                text.Replace(
                    "  </ItemGroup>\n</Project>",
                    "    <PackageVersion Include=\"Zzz.Mine\" Version=\"1.0.0\" />\n  </ItemGroup>\n</Project>", StringComparison.Ordinal));
        if (combination.Value("migrations") == "true")
        {
            files.Add($"{Migrations}20300131000000_AddOrderLines.cs", "// Creates the table."u8.ToArray());
            files.TryAdd(Model, "#pragma warning disable\n#pragma warning restore\n"u8.ToArray());
            Edit(Model, WithEntity);
        }

        return files;

        string Text(string path) => Encoding.UTF8.GetString(files[path]);

        void Edit(string path, Func<string, string> edit)
        {
            var before = Text(path);
            var after = edit(before);
            files[path] = before == after ? throw new InvalidDataException($"{path} has no place for the edit.")
                : Encoding.UTF8.GetBytes(after);
        }
    }

    // The tools write the entities in the order of their names.
    private static string WithEntity(string model)
    {
        var next = Entities().Matches(model).FirstOrDefault(match => string.CompareOrdinal(match.Groups["name"].Value, Entity) > 0)?.Index
            ?? model.IndexOf("#pragma warning restore", StringComparison.Ordinal);
        return model.Insert(
            next,
            $$"""
            modelBuilder.Entity("{{Entity}}", b =>
                {
                    b.Property<long>("Id");

                    b.ToTable("OrderLines");
                });


            """);
    }

    [GeneratedRegex(@"(?m)^ *modelBuilder\.Entity\(""(?<name>[^""]+)""")]
    private static partial Regex Entities();

    [GeneratedRegex(@"\A(.*\nbuilder\.[^\n]*\n)", RegexOptions.Singleline)]
    private static partial Regex LastRegistration();
}
