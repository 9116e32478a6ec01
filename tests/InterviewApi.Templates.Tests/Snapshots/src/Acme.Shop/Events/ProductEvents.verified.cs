using Acme.Shop.Models;

namespace Acme.Shop.Events;

public enum ProductChangeKind
{
    Created,
    Updated,
    Deleted,
}

/// <summary>A change of a product was committed.</summary>
/// <param name="Product">The product after the change, or before it was deleted. Read-only.</param>
public sealed record ProductChanged(ProductChangeKind Kind, Product Product);

/// <summary>Logs each change of a product, with the trace id of the request that made it.</summary>
public sealed partial class ProductChangeLog(ILogger<ProductChangeLog> logger) : IHandler<ProductChanged>
{
    public Task HandleAsync(ProductChanged occurred, CancellationToken cancellationToken)
    {
        LogChange(occurred.Product.Id, occurred.Kind, occurred.Product.Version);
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "Product {ProductId} was changed: {Kind}, version {Version}.")]
    private partial void LogChange(long productId, ProductChangeKind kind, int version);
}
