using Acme.Shop.Events;
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>Publishes an event after each change. The change is committed, so a disconnect does not prevent it.</summary>
public class PublishingProductService(ProductRepository products, IEventPublisher events, TimeProvider time)
    : ProductService(products, time)
{
    public override async Task<Product> CreateAsync(Product product, CancellationToken cancellationToken)
    {
        await base.CreateAsync(product, cancellationToken);
        await PublishAsync(ProductChangeKind.Created, product);
        return product;
    }

    public override async Task<ProductChange> UpdateAsync(
        long id, Action<Product> change, Func<Product, bool> precondition, CancellationToken cancellationToken)
    {
        var result = await base.UpdateAsync(id, change, precondition, cancellationToken);
        await PublishAsync(ProductChangeKind.Updated, result.Product);
        return result;
    }

    public override async Task<ProductChange> DeleteAsync(
        long id, Func<Product, bool> precondition, CancellationToken cancellationToken)
    {
        var result = await base.DeleteAsync(id, precondition, cancellationToken);
        await PublishAsync(ProductChangeKind.Deleted, result.Product);
        return result;
    }

    private ValueTask PublishAsync(ProductChangeKind kind, Product? product) =>
        product is null
            ? ValueTask.CompletedTask
            : events.PublishAsync(new ProductChanged(kind, product), CancellationToken.None);
}
