namespace InterviewApi.Templates.Tests.Rendering;

/// <summary>Contents are equal by their bytes. Their length alone is the hash: renderings of one file rarely share it.</summary>
internal sealed class ContentComparer : IEqualityComparer<byte[]>
{
    public static ContentComparer Instance { get; } = new();

    public bool Equals(byte[]? x, byte[]? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.AsSpan().SequenceEqual(y));

    public int GetHashCode(byte[] obj) => obj.Length;
}
