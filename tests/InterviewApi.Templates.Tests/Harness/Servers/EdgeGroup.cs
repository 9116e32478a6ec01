namespace InterviewApi.Templates.Tests.Harness;

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EdgeGroup : ICollectionFixture<EdgeFixture>
{
    public const string Name = "Edge";
}
