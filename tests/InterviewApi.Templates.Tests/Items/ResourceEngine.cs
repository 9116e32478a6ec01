using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Items;

/// <summary>Renders resources in memory, for a project with or without accounts.</summary>
internal sealed class ResourceEngine : IDisposable
{
    private readonly TemplateEngine _engine;

    private ResourceEngine(TemplateEngine engine) => _engine = engine;

    public static Task<ResourceEngine> LoadAsync(bool hasAccounts) =>
        LoadAsync(new ProjectProperties(EveryCombination.ProjectName, hasAccounts ? "--auth jwt" : "--auth none"));

    public static async Task<ResourceEngine> LoadAsync(ProjectProperties project) =>
        new(await TemplateEngine.LoadAsync(ResourceDefinition.Folder, CancellationToken.None, project: project));

    /// <summary>The files by path relative to the solution.</summary>
    /// <param name="command">What follows <c>--name</c>: the name, then flags, with the fields in double quotes.</param>
    public Task<SortedDictionary<string, byte[]>> RenderAsync(string command)
    {
        var (name, parameters) = Parse(command);
        return _engine.GenerateAsync(name, parameters, CancellationToken.None, $"src/{EveryCombination.ProjectName}");
    }

    public void Dispose() => _engine.Dispose();

    private static (string Name, Dictionary<string, string> Parameters) Parse(string command)
    {
        // Only the fields have spaces.
        var (before, fields, after) = command.Split('"') is [var first, var quoted, var last] ? (first, quoted, last)
            : throw new ArgumentException(command, nameof(command));
        var words = $"{before}{after}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word != "--fields").ToArray();
        var parameters = new Dictionary<string, string> { ["fields"] = fields };
        for (var index = 1; index < words.Length; index++)
        {
            parameters.Add(words[index][2..], words[index] == "--owned" ? "true" : words[++index]);
        }

        return (words[0], parameters);
    }
}
