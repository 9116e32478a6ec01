using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The tests that share the stack with every option.</summary>
[CollectionDefinition(nameof(ContainerGroup))]
public sealed class ContainerGroup : ICollectionFixture<SharedContainers>;
