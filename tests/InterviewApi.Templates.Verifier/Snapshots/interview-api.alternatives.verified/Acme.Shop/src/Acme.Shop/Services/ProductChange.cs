using Acme.Shop.Models;

namespace Acme.Shop.Services;

/// <summary>The outcome of a change, with the product as it is now if the change was made.</summary>
public readonly record struct ProductChange(ChangeStatus Status, Product? Product = null);
