using Acme.Shop.Models;

namespace Acme.Shop.Events;

/// <summary>A change of a product was committed.</summary>
/// <param name="Product">The product after the change, or as it was when it was deleted. Only to be read.</param>
public sealed record ProductChanged(ProductChangeKind Kind, Product Product);
