using InterviewApi.Models;

namespace InterviewApi.Services;

/// <summary>The rules of the product resource.</summary>
public interface IProductService
{
    Task<Product?> FindAsync(long id, CancellationToken cancellationToken);

    Task<IReadOnlyList<Product>> ListAsync(ProductFilter filter, int skip, int take, CancellationToken cancellationToken);

    /// <summary>Lists the products whose id is greater than <paramref name="afterId"/>.</summary>
    Task<IReadOnlyList<Product>> ListAfterAsync(
        ProductFilter filter, long afterId, int take, CancellationToken cancellationToken);

    /// <summary>Reads all products in constant memory. Those that are added or deleted meanwhile may be missing.</summary>
    IAsyncEnumerable<Product> StreamAsync(CancellationToken cancellationToken);

    Task<Product> CreateAsync(ProductFields fields, CancellationToken cancellationToken);

    /// <summary>Changes a product. No concurrent change is lost, with or without a precondition.</summary>
    /// <param name="precondition">Whether the current product may be changed.</param>
    Task<ProductChange> UpdateAsync(
        long id, ProductPatch patch, Func<Product, bool> precondition, CancellationToken cancellationToken);

    Task<ProductChange> DeleteAsync(long id, Func<Product, bool> precondition, CancellationToken cancellationToken);

    /// <summary>The image of a product as it is at this moment.</summary>
    /// <returns>Null if there is no such product.</returns>
    Task<ProductImage?> FindImageAsync(long id, CancellationToken cancellationToken);

    /// <summary>Gives a product another image, or none. The file of the image before is deleted.</summary>
    /// <param name="file">The name of a file that is in place.</param>
    Task<ProductChange> SetImageAsync(
        long id, string? file, Func<Product, bool> precondition, CancellationToken cancellationToken);
}
