using Xunit.Sdk;
using Xunit.v3;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>Starts the tests that take minutes before all others, so that none of them is left for the end of the run.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        "ContainerGroup", "BuildTests", "HostDeploymentTests", "CompileTests", "EventTests", "AssignmentTests", "ResourceTrialTests",
        "MergedProjectTests", "AssignmentTamperingTests", "MachineTests", "CanaryTests",
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => PlaceOf(collection.TestCollectionDisplayName))];

    private static int PlaceOf(string name) =>
        Array.FindIndex(Longest, one => name.Contains(one, StringComparison.Ordinal)) is >= 0 and var place ? place : Longest.Length;
}
