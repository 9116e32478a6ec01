using Acme.Shop.Core.Events;
using Acme.Shop.Events;
using Acme.Shop.Models;
using Acme.Shop.Repositories;

namespace Acme.Shop.Services;

/// <summary>Saves an event with each change, in the same transaction.</summary>
public class OutboxProductService(ProductRepository products, Outbox outbox, TimeProvider time) : ProductService(products, time)
{
    private readonly ProductRepository _products = products;

    public override async Task<Product> CreateAsync(Product product, CancellationToken cancellationToken)
    {
        await outbox.EnqueueAfterAsync(
            () => base.CreateAsync(product, cancellationToken),
            () => ProductChanged.From(ProductChangeKind.Created, product),
            cancellationToken);
        await _products.RefreshAsync(product.Id);
        return product;
    }

    public override Task<ProductChange> UpdateAsync(
        long id, Action<Product> change, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(id, change + Enqueue(ProductChangeKind.Updated), precondition, cancellationToken);

    public override Task<ProductChange> DeleteAsync(
        long id, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        ChangeAsync(id, Enqueue(ProductChangeKind.Deleted) + _products.Remove, precondition, cancellationToken);

    private Action<Product> Enqueue(ProductChangeKind kind) => product => outbox.Enqueue(ProductChanged.From(kind, product));
}
