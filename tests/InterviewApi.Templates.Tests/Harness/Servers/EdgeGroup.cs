namespace InterviewApi.Templates.Tests.Harness;

[CollectionDefinition(Name)]
public sealed class EdgeGroup : ICollectionFixture<EdgeFixture>
{
    public const string Name = "Edge";
}
