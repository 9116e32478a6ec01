using System.Text;
using InterviewApi.Templates.Tests.Assignments;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// What <c>dotnet new interview-assignment</c> adds to the skeleton is approved: one kit in full, the others by the lines in
/// which they differ from it.
/// </summary>
[Trait("Level", "Snapshot")]
public sealed class AssignmentRenderingTests
{
    private const string Reference = "--variant 1";

    private static readonly string Folder = Path.Combine(Suite.ProjectFolder, "Assignments", "Approved");

    [Theory]
    [InlineData("kit")]
    [InlineData("mid")]
    [InlineData("senior")]
    public async Task A_kit_of_each_level_is_approved_in_full(string name)
    {
        using var engine = await AssignmentEngine.LoadAsync();
        var reference = Own(await engine.RenderAsync(Reference)).ToDictionary();
        var files = name == "kit" ? reference : Own(await engine.RenderAsync($"{Reference} --level {name}"));
        var text = new StringBuilder();
        foreach (var (path, content) in files)
        {
            // What a level shares with the first one is approved there.
            if (name == "kit" || !reference.TryGetValue(path, out var shared) || !shared.AsSpan().SequenceEqual(content))
            {
                text.Append($"==== {path}\n{Encoding.UTF8.GetString(content)}\n");
            }
        }

        Verify($"{name}.txt", text.ToString());
    }

    [Theory]
    [InlineData("domains", Reference, "--variant 1 --domain bookings", "--variant 1 --domain loans", "--variant 1 --domain tickets")]
    [InlineData("mid-differences", "--variant 1 --level mid", "--variant 42 --level mid --domain loans")]
    [InlineData("senior-differences", "--variant 1 --level senior", "--variant 42 --level senior --domain loans")]
    [InlineData("variants", Reference, "--variant 7", "--variant 42", "--variant 190")]
    [InlineData("flags", Reference, "--variant 1 --ci gitlab", "--variant 1 --tools allowed", "--variant 1 --tools none", "--variant 1 --hours 2 --company Acme --contact jobs@acme.example")]
    public async Task The_differences_between_kits_are_approved(string name, string referenceCommand, params string[] commands)
    {
        using var engine = await AssignmentEngine.LoadAsync();
        var reference = Own(await engine.RenderAsync(referenceCommand)).ToDictionary();
        var text = new StringBuilder();
        foreach (var command in commands)
        {
            text.Append($"==== {command}\n");
            var files = Own(await engine.RenderAsync(command)).ToArray();
            text.Append(string.Concat(reference.Keys.Except(files.Select(file => file.Key)).Select(path => $"-{path}\n")));
            foreach (var (path, content) in files)
            {
                if (!reference.TryGetValue(path, out var before))
                {
                    text.Append($"+{path}\n");
                }
                else if (!before.AsSpan().SequenceEqual(content))
                {
                    text.Append($"{path}\n{string.Concat(LineDiff.Hunks(before, content).Select(hunk => hunk.Lines))}");
                }
            }
        }

        Verify($"{name}.txt", text.ToString());
    }

    // The rest of the handout is approved with interview-api.
    private static IEnumerable<KeyValuePair<string, byte[]>> Own(IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        string[] own =
        [
            "handout/ASSIGNMENT.md", "handout/NOTES.md", "handout/REVIEW.md", "handout/contract.yaml", "handout/pull-request.patch",
            "handout/checks/",
            "handout/.github/workflows/checks.yml", "handout/.gitlab-ci.yml",
        ];
        return files.Where(file => !file.Key.StartsWith("handout/", StringComparison.Ordinal)
            || own.Any(path => file.Key.StartsWith(path, StringComparison.Ordinal)));
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
