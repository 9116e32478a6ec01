using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Rendering;

namespace InterviewApi.Templates.Tests.Assignments;

/// <summary>Renders take-home kits in memory.</summary>
internal sealed class AssignmentEngine : IDisposable
{
    private readonly TemplateEngine _engine;

    private AssignmentEngine(TemplateEngine engine) => _engine = engine;

    // Its sources lie beside its folder, so the engine reads the folder of all templates.
    public static async Task<AssignmentEngine> LoadAsync() =>
        new(await TemplateEngine.LoadAsync(
            Path.Combine(AssignmentDefinition.Folder, ".."), CancellationToken.None, shortName: "interview-assignment"));

    /// <summary>The files of a kit, by path with '/'.</summary>
    /// <param name="flags">Flags with their values, such as <c>--domain loans</c>.</param>
    public Task<SortedDictionary<string, byte[]>> RenderAsync(string flags)
    {
        var words = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var parameters = words.Chunk(2).ToDictionary(pair => pair[0] == "--ci" ? "pipeline" : pair[0][2..], pair => pair[1]);
        return _engine.GenerateAsync(EveryCombination.ProjectName, parameters, CancellationToken.None);
    }

    public void Dispose() => _engine.Dispose();
}
