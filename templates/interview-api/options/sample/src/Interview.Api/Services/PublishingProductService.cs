using InterviewApi.Events;
using InterviewApi.Models;

namespace InterviewApi.Services;

/// <summary>Tells of each change of a product, when the service behind it is done with the change.</summary>
public sealed class PublishingProductService(
    [FromKeyedServices(PublishingProductService.Behind)] IProductService products, IEventPublisher events) : IProductService
{
    /// <value>The key of the service behind this one.</value>
    public const string Behind = "behind";

    public Task<Product?> FindAsync(long id, CancellationToken cancellationToken) =>
        products.FindAsync(id, cancellationToken);

    public Task<IReadOnlyList<Product>> ListAsync(
        ProductFilter filter, int skip, int take, CancellationToken cancellationToken) =>
        products.ListAsync(filter, skip, take, cancellationToken);

    public Task<IReadOnlyList<Product>> ListAfterAsync(
        ProductFilter filter, long afterId, int take, CancellationToken cancellationToken) =>
        products.ListAfterAsync(filter, afterId, take, cancellationToken);

    public IAsyncEnumerable<Product> StreamAsync(CancellationToken cancellationToken) =>
        products.StreamAsync(cancellationToken);

    public async Task<Product> CreateAsync(ProductFields fields, CancellationToken cancellationToken)
    {
        var product = await products.CreateAsync(fields, cancellationToken);
        await PublishAsync(ProductChangeKind.Created, product);
        return product;
    }

    public async Task<ProductChange> UpdateAsync(
        long id, ProductPatch patch, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        await PublishAsync(ProductChangeKind.Updated, await products.UpdateAsync(id, patch, precondition, cancellationToken));

    public async Task<ProductChange> DeleteAsync(long id, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        await PublishAsync(ProductChangeKind.Deleted, await products.DeleteAsync(id, precondition, cancellationToken));

    public Task<ProductImage?> FindImageAsync(long id, CancellationToken cancellationToken) =>
        products.FindImageAsync(id, cancellationToken);

    public async Task<ProductChange> SetImageAsync(
        long id, string? file, Func<Product, bool> precondition, CancellationToken cancellationToken) =>
        await PublishAsync(ProductChangeKind.Updated, await products.SetImageAsync(id, file, precondition, cancellationToken));

    private async Task<ProductChange> PublishAsync(ProductChangeKind kind, ProductChange change)
    {
        if (change is { Status: ChangeStatus.Done, Product: { } product })
        {
            await PublishAsync(kind, product);
        }

        return change;
    }

    // The change is committed: that the client leaves now must not keep the event back.
    private ValueTask PublishAsync(ProductChangeKind kind, Product product) =>
        events.PublishAsync(new ProductChanged(kind, product), CancellationToken.None);
}
