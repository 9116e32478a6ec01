namespace InterviewApi.Templates.Tests.Harness;

/// <summary>The tests that measure time, memory or connections, or press a server hard: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneGroup
{
    public const string Name = "Alone";
}
