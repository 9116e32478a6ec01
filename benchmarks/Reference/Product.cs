namespace Benchmarks.Reference;

/// <summary>A product as the generated API shows it.</summary>
internal sealed record Product(
    long Id, string Name, string? Description, decimal Price, string Category, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
