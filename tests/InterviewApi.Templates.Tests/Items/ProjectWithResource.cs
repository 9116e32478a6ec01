using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>A project as its user has it after a while: what was generated, a resource, and edits of its own.</summary>
internal static partial class ProjectWithResource
{
    private const string Web = $"src/{EveryCombination.ProjectName}/";

    /// <summary>Adds the files and lines of a resource, as its command does, and edits files that everybody edits.</summary>
    public static SortedDictionary<string, byte[]> Of(
        IReadOnlyDictionary<string, byte[]> generated, IReadOnlyDictionary<string, byte[]> resource)
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
        return files;

        void Edit(string path, Func<string, string> edit)
        {
            var before = Encoding.UTF8.GetString(files[path]);
            var after = edit(before);
            files[path] = before == after ? throw new InvalidDataException($"{path} has no place for the edit.")
                : Encoding.UTF8.GetBytes(after);
        }
    }

    [GeneratedRegex(@"\A(.*\nbuilder\.[^\n]*\n)", RegexOptions.Singleline)]
    private static partial Regex LastRegistration();
}
