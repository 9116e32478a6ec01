using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Compiling;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Linting;
using Microsoft.CodeAnalysis.CSharp;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>A project may have any name that a person types.</summary>
[Trait("Level", "Names")]
public sealed partial class NameTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string TemplateFile = Path.Combine(Suite.Template.Folder, ".template.config", "template.json");

    // Between them they use everything: both databases, every cache, all options and none.
    private static readonly int[] Combinations = [.. CoveringArray.Corners.Select(combination => combination.Number)];

    // Such as var, record and nameof: names of a namespace as far as the compiler is concerned.
    private static readonly string[] ContextualKeywords = [.. SyntaxFacts.GetContextualKeywordKinds().Select(SyntaxFacts.GetText)];

    private static readonly Lazy<Task<HidingNames>> Hiding = new(async () => new HidingNames(await Suite.BuildContextsAsync()));

    [Fact]
    public async Task No_part_of_a_namespace_hides_what_the_code_uses()
    {
        var hiding = await Hiding.Value;
        var known = NamesOfThePattern().Match(await File.ReadAllTextAsync(TemplateFile)).Groups["names"].Value.Split('|');
        var needed = Combinations.SelectMany(combination => hiding.Used(combination, CancellationToken.None)).Distinct()
            .Where(name => Changed("suffixPackages", name) == name).Order(StringComparer.Ordinal).ToArray();

        if (Suite.Approving)
        {
            var text = await File.ReadAllTextAsync(TemplateFile);
            await File.WriteAllTextAsync(
                TemplateFile,
                NamesOfThePattern().Replace(
                    text, match => match.Value.Replace(match.Groups["names"].Value, string.Join('|', needed), StringComparison.Ordinal)));
            return;
        }

        Problems.AssertNone(
            [.. needed.Except(known)], "These names are missing in suffixNames of template.json; ./test.sh approve writes them:");
    }

    [Fact]
    public async Task Every_name_of_a_type_or_a_namespace_is_a_name_of_a_project()
    {
        Assert.SkipWhen(Suite.Approving, "The list of the names is being written.");
        var hiding = await Hiding.Value;
        foreach (var combination in Combinations)
        {
            var names = hiding.InScope(combination, CancellationToken.None).Concat(ContextualKeywords).Select(Namespace).ToHashSet();

            Assert.True(names.Count > 1000);
            Problems.AssertNone(hiding.Try(combination, names, CancellationToken.None));
        }

        // Without the forms the same names break the code: the check can fail.
        Assert.NotEmpty(hiding.Try(0, ["Task", "Path"], CancellationToken.None));
        Assert.NotEmpty(hiding.Try(0, ["nameof"], CancellationToken.None));
    }

    [Fact]
    public async Task What_a_person_types_yields_files_that_load_and_that_git_does_not_ignore()
    {
        string[] typed =
        [
            "my-api", "my_api", "My App", "R&D.Api", "Jörg's Api", "C#.Api", "50% off; (beta) [x] {y} $z @a !b ~c `d` ^e + = , |",
                "<b>\"q\"</b>", "2048", "2fast.api", "0x10",
            "No", "null", "postgres", "_", "...", "uploads", "bin", "Obj", "Artifacts", "Acme.Db", "acme.user", "con", "日本語",
                "Überprüfung.Größe", new string('a', 120),
        ];
        using var engine = await TemplateEngine.LoadAsync(Suite.Template.Folder, CancellationToken.None);
        var problems = new List<string>();
        foreach (var name in typed)
        {
            var files = await engine.GenerateAsync(name, Suite.Template.Space[0].ToParameters(), CancellationToken.None);
            problems.AddRange(
                from file in files let error = OutputLint.WellFormedness(file.Key, Encoding.UTF8.GetString(file.Value))
                where error is not null select $"{name}: {file.Key}: {error}");
            problems.AddRange(from ignored in await IgnoredAsync(files) select $"{name}: {ignored} is ignored by Git.");
            problems.AddRange(
                from path in files.Keys where UnsafeInPath().IsMatch(path) || path.Split('/').Any(part => part.Length > 200)
                select $"{name}: {path} is no path for every tool.");
            var compose = Encoding.UTF8.GetString(files["compose.yaml"]).Split('\n').Single(
                line => line.StartsWith("name:", StringComparison.Ordinal));
            problems.AddRange(PlainName().IsMatch(compose) ? [] : [$"{name}: compose.yaml has '{compose}'."]);
        }

        Problems.AssertNone(problems);
    }

    // As on Windows and macOS, where "Services/Uploads" is what "uploads/" ignores.
    private static async Task<IEnumerable<string>> IgnoredAsync(SortedDictionary<string, byte[]> files)
    {
        var folder = new TemporaryFolder($"ignored-{Guid.NewGuid():N}").Path;
        await File.WriteAllBytesAsync(Path.Combine(folder, ".gitignore"), files[".gitignore"]);
        (await Cli.RunAsync("git", folder, Patience, ["init", "--quiet", "."])).EnsureSucceeded();
        var source = files.Keys.First(path => path.EndsWith("/Program.cs", StringComparison.Ordinal));
        string[] plausible = [
            .. ((string[])["Uploads", "Artifacts"])
            .Select(resource => source.Replace("Program.cs", $"Services/{resource}/{resource}.cs", StringComparison.Ordinal))];
        var check = await Cli.RunAsync(
            "git", folder, Patience,
            ["-c", "core.ignorecase=true", "-c", "core.quotepath=false", "check-ignore", "--no-index", .. files.Keys, .. plausible]);

        return check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Namespace(string name) => Changed("suffixNames", Changed("suffixPackages", Changed("suffixKeywords", name)));

    private static string Changed(string form, string name)
    {
        var (pattern, replacement) = (
            Suite.Template.Configuration["forms"]![form]!["pattern"]!, Suite.Template.Configuration["forms"]![form]!["replacement"]!);

        return Regex.Replace(name, (string)pattern!, (string)replacement!);
    }

    // Letters and digits of any script, and what no file system, shell, XML, YAML or MSBuild reads as more than itself.
    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}./_ @-]")]
    private static partial Regex UnsafeInPath();

    [GeneratedRegex("^name: (?!(y|n|yes|no|on|off|true|false|null)$)[a-z][a-z0-9-]{0,62}$")]
    private static partial Regex PlainName();

    [GeneratedRegex("""(?<="suffixNames": \{\s*"identifier": "replace",\s*"pattern": "\(\?<=\^\|\\\\\.\)\()(?<names>[^)]*)""")]
    private static partial Regex NamesOfThePattern();
}
