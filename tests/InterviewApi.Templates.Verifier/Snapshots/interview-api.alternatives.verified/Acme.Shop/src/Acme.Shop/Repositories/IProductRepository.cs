using Acme.Shop.Models;

namespace Acme.Shop.Repositories;

/// <summary>Reads and writes products. Lists are in ascending order of the id.</summary>
public interface IProductRepository
{
    /// <summary>Reads a product for display; changes to it are not saved.</summary>
    Task<Product?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Reads a product that is to be changed; <see cref="TrySaveAsync"/> saves it.</summary>
    Task<Product?> FindForChangeAsync(long id, CancellationToken cancellationToken);

    Task<IReadOnlyList<Product>> ListAsync(ProductFilter filter, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Lists the products whose id is greater than <paramref name="afterId"/>.</summary>
    Task<IReadOnlyList<Product>> ListAfterAsync(
        ProductFilter filter, long afterId, int take, CancellationToken cancellationToken);

    /// <summary>Reads all products in constant memory. Those that are added or deleted meanwhile may be missing.</summary>
    IAsyncEnumerable<Product> StreamAsync(CancellationToken cancellationToken);

    Task AddAsync(Product product, CancellationToken cancellationToken);

    void Remove(Product product);

    /// <summary>Saves all changes at once.</summary>
    /// <returns>False if somebody else changed the product since it was read; then nothing was saved.</returns>
    Task<bool> TrySaveAsync(CancellationToken cancellationToken);
}
