using System.Text;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Items;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// What <c>dotnet new interview-resource</c> writes is approved: one command in full, the others by the lines in which
/// they differ from it, and of names the lines in which a form of the name stands.
/// </summary>
[Trait("Level", "Snapshot")]
public sealed class ResourceRenderingTests
{
    private static readonly string Folder = Path.Combine(Suite.ProjectFolder, "Items", "Approved");

    [Fact]
    public async Task A_resource_with_every_type_is_approved_in_full()
    {
        using var engine = await ResourceEngine.LoadAsync(hasAccounts: true);
        var text = new StringBuilder();
        foreach (var (path, content) in await engine.RenderAsync($"{ResourceCommands.Everything} --owned"))
        {
            text.Append($"==== {path}\n{Encoding.UTF8.GetString(content)}\n");
        }

        Verify("everything.txt", text.ToString());
    }

    [Fact]
    public async Task Each_type_in_each_place_is_approved() =>
        Verify("fields.txt", await DifferencesAsync(ResourceCommands.Fields, hasAccounts: true));

    [Fact]
    public async Task Each_flag_is_approved() => Verify(
        "flags.txt",
        await DifferencesAsync(ResourceCommands.Flags, hasAccounts: true) + await DifferencesAsync(
            [$"{ResourceCommands.Reference} --owned"], hasAccounts: false));

    [Fact]
    public async Task Each_form_of_a_name_is_approved()
    {
        using var engine = await ResourceEngine.LoadAsync(hasAccounts: false);
        var text = new StringBuilder();
        foreach (var command in ResourceCommands.Names)
        {
            var files = await engine.RenderAsync(command);
            var (model, endpoints) = (
                Text(files.First(file => file.Key.Contains("/Models/", StringComparison.Ordinal))),
                Text(files.First(file => file.Key.Contains("/Api/", StringComparison.Ordinal))));
            text.Append($"==== {command}\n{string.Concat(files.Keys.Select(path => path + "\n"))}");
            text.Append(string.Concat(model.Concat(endpoints).Where(IsNamed).Distinct().Select(line => $"  {line.Trim()}\n")));
        }

        Verify("names.txt", text.ToString());
    }

    private static bool IsNamed(string line) =>
        line.Contains("#error", StringComparison.Ordinal) || line.Contains("summary", StringComparison.Ordinal)
            || line.Contains("MapGroup", StringComparison.Ordinal)
        || line.Contains("ToTable", StringComparison.Ordinal) || line.Contains(" new ", StringComparison.Ordinal)
            || line.Contains("ListAfter", StringComparison.Ordinal);

    private static string[] Text(KeyValuePair<string, byte[]> file) => Encoding.UTF8.GetString(file.Value).Split('\n');

    private static async Task<string> DifferencesAsync(IEnumerable<string> commands, bool hasAccounts)
    {
        using var engine = await ResourceEngine.LoadAsync(hasAccounts);
        var reference = await engine.RenderAsync(ResourceCommands.Reference);
        var text = new StringBuilder();
        foreach (var command in commands)
        {
            text.Append($"==== {command}{(hasAccounts ? "" : " (without accounts)")}\n");
            foreach (var (path, content) in await engine.RenderAsync(command))
            {
                var before = reference.FirstOrDefault(file => Path.GetFileName(file.Key) == Path.GetFileName(path)).Value;
                if (!before.AsSpan().SequenceEqual(content))
                {
                    text.Append($"{path}\n{string.Concat(LineDiff.Hunks(before, content).Select(hunk => hunk.Lines))}");
                }
            }
        }

        return text.ToString();
    }

    private static void Verify(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        if (Suite.Approving)
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", text);
    }
}
