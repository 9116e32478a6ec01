namespace Acme.Shop.Models;

/// <summary>Which products to list.</summary>
/// <param name="Text">A part of the name or the description, without regard to case.</param>
/// <param name="Category">The exact category.</param>
public sealed record ProductFilter(string? Text, string? Category);
