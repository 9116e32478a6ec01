using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Harness;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>What the small items write is approved, in a project with every option and in one without any.</summary>
[Trait("Level", "Snapshot")]
public sealed partial class ItemRenderingTests
{
    private const string Every = "--auth jwt --rate-limiting true --sample full";
    private const string None = "--auth none --rate-limiting false --sample none";

    [Theory]
    [InlineData("interview-client", "Shipping", "", Every, None)]
    [InlineData("interview-job", "order-export", "recurring", Every, None)]
    [InlineData("interview-job", "order-export", "event", Every, None, "--auth jwt --sample none")]
    [InlineData("interview-upload", "PaperScan", "", Every, None)]
    public async Task An_item_is_approved(string template, string name, string kind, params string[] projects)
    {
        var text = new StringBuilder();
        var before = new SortedDictionary<string, byte[]>();
        foreach (var flags in projects)
        {
            var files = await RenderAsync(template, name, kind, flags);
            text.Append($"==== {template} --name {name} {kind} in {flags}\n");
            foreach (var (path, content)
                in files.Where(file => !before.TryGetValue(file.Key, out var same) || !same.AsSpan().SequenceEqual(file.Value)))
            {
                text.Append($"== {path}\n{Encoding.UTF8.GetString(content)}\n");
            }

            before = files;
        }

        var approved = Path.Combine(Suite.ProjectFolder, "Items", "Approved", $"{template}{(kind.Length > 0 ? $"-{kind}" : "")}.txt");
        if (Suite.Approving)
        {
            await File.WriteAllTextAsync(approved, text.ToString());
        }

        Assert.Equal(File.Exists(approved) ? await File.ReadAllTextAsync(approved) : "", text.ToString());
    }

    [Theory]
    [InlineData("Shipping", "builder.Services.AddShipping();")]
    [InlineData("sms gateway", "builder.Services.AddSmsGateway();")]
    [InlineData("APIKey", "builder.Services.AddAPIKey();")]
    public async Task A_name_of_any_shape_is_a_class(string name, string line)
    {
        var files = await RenderAsync("interview-client", name, "", Every);

        Assert.Contains(files, file => Encoding.UTF8.GetString(file.Value).Contains(line.TrimEnd(';'), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_small_item_refuses_the_same_names()
    {
        var refused = ((string[])["interview-client", "interview-job", "interview-upload"]).Select(item =>
        {
            var wiring = Directory.GetFiles(Path.Combine(SdkAssemblies.RepositoryRoot, "templates", item, "wiring")).Single();
            return TakenNames().Match(File.ReadAllText(wiring)).Value;
        }).ToList();

        Assert.Contains("|HttpClient|", refused[0], StringComparison.Ordinal);
        Assert.Single(refused.Distinct());
    }

    [GeneratedRegex(@"\^\([A-Za-z|?]+\)\$")]
    private static partial Regex TakenNames();

    private static async Task<SortedDictionary<string, byte[]>> RenderAsync(string template, string name, string kind, string flags)
    {
        var project = new ProjectProperties(EveryCombination.ProjectName, flags);
        using var engine = await TemplateEngine.LoadAsync(
            Path.Combine(SdkAssemblies.RepositoryRoot, "templates", template), CancellationToken.None, project: project);
        var parameters = kind.Length > 0 ? new Dictionary<string, string> { ["kind"] = kind } : [];

        return await engine.GenerateAsync(name, parameters, CancellationToken.None, $"src/{EveryCombination.ProjectName}");
    }
}
