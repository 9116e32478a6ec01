namespace Acme.Shop.Services;

/// <summary>All that a client decides about a product.</summary>
public sealed record ProductFields(string Name, string? Description, decimal Price, string Category);
