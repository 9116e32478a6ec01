namespace Acme.Shop.Services;

/// <summary>The image of a product that exists.</summary>
/// <param name="File">The name of its file; null if the product has no image.</param>
public sealed record ProductImage(string? File);
