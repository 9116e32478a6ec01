namespace Benchmarks.Reference;

/// <summary>What a client sends to create a product.</summary>
internal sealed record ProductRequest(string Name, string? Description, decimal Price, string Category);
