namespace Acme.Shop.Services;

/// <summary>The versions of a resource that a change may start from.</summary>
public sealed class VersionCondition
{
    private readonly int[]? _versions;

    private VersionCondition(int[]? versions) => _versions = versions;

    public static VersionCondition Any { get; } = new(null);

    public static VersionCondition OneOf(params int[] versions) => new(versions);

    public bool IsMetBy(int version) => _versions is null || _versions.Contains(version);
}
