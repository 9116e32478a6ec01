using InterviewApi.Templates.Tests.Compiling;
using InterviewApi.Templates.Tests.Engine;
using InterviewApi.Templates.Tests.Options;
using InterviewApi.Templates.Tests.Rendering;

// Two classes at a time: one often waits for a process while another one compiles. AloneGroup has those that measure.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 2)]
[assembly: TestCollectionOrderer(typeof(InterviewApi.Templates.Tests.Harness.LongestFirst))]

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>What the levels share: the template under test and, made once per run, everything it generates.</summary>
internal static class Suite
{
    public static string ProjectFolder { get; } = Path.Combine(SdkAssemblies.RepositoryRoot, "tests", "InterviewApi.Templates.Tests");

    public static TemplateDefinition Template { get; } = TemplateDefinition.Load(
        Path.Combine(SdkAssemblies.RepositoryRoot, "templates", "interview-api"));

    public static SnapshotStore Snapshots { get; } = new(Path.Combine(ProjectFolder, "Snapshots"));

    /// <summary>Set by <c>./test.sh approve</c>: what is generated becomes what is approved.</summary>
    public static bool Approving { get; } = Environment.GetEnvironmentVariable("APPROVE") == "1";

    /// <summary>Where nothing may be skipped.</summary>
    public static bool IsContinuousIntegration { get; } = Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>Set by <c>./test.sh full</c>: the engine itself runs for every combination.</summary>
    public static bool Full { get; } = Environment.GetEnvironmentVariable("FULL") == "1";

    private static Lazy<Task<Rendered>> Rendering { get; } = new(
        () => EveryCombination.RenderAsync(Template, Full, CancellationToken.None));

    public static Task<Rendered> RenderingAsync() => Rendering.Value;

    private static Lazy<Task<BuildContexts>> Contexts { get; } = new(async () =>
    {
        var table = await RenderedAsync();
        return await BuildContexts.CollectAsync(
            table, CoveringArray.Compiled(table).Select(combination => combination.Number), new CompilerAssets());
    });

    /// <summary>What a build of each combination would hand to the compiler.</summary>
    public static Task<BuildContexts> BuildContextsAsync() => Contexts.Value;

    public static async Task<RenderingTable> RenderedAsync() => (await Rendering.Value).Table;
}
