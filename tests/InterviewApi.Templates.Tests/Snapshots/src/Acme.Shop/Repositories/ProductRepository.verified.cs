using Acme.Shop.Models;

namespace Acme.Shop.Repositories;

/// <summary>Reads and writes products.</summary>
public class ProductRepository(AppDbContext db)
{
    // Compiled once, because these queries are most of the traffic.
    private static readonly Func<AppDbContext, long, CancellationToken, Task<Product?>> FindQuery =
        EF.CompileAsyncQuery((AppDbContext db, long id, CancellationToken cancellationToken) =>
            db.Set<Product>().AsNoTracking().FirstOrDefault(product => product.Id == id));

    private static readonly Func<AppDbContext, long, int, int, IAsyncEnumerable<Product>> PageQuery =
        EF.CompileAsyncQuery((AppDbContext db, long afterId, int skip, int take) => db.Set<Product>().AsNoTracking()
            .Where(product => product.Id > afterId)
            .OrderBy(product => product.Id)
            .Skip(skip)
            .Take(take));

    /// <summary>Reads a product for display; changes to it are not saved.</summary>
    public virtual Task<Product?> FindAsync(long id, CancellationToken cancellationToken) => FindQuery(db, id, cancellationToken);

    /// <summary>Reads a product to change; <see cref="TrySaveAsync"/> saves it.</summary>
    public virtual Task<Product?> FindForChangeAsync(long id, CancellationToken cancellationToken) =>
        db.Set<Product>().FirstOrDefaultAsync(product => product.Id == id, cancellationToken);

    public virtual async Task<IReadOnlyList<Product>> ListAsync(ProductQuery query, CancellationToken cancellationToken)
    {
        if (query is { Text: null or "", Category: null or "" })
        {
            return await PageQuery(db, query.AfterId, query.Skip, query.Take).ToListAsync(cancellationToken);
        }

        var products = db.Set<Product>().AsNoTracking().Where(product => product.Id > query.AfterId);
        if (query.Category is { Length: > 0 } category)
        {
            products = products.Where(product => product.Category == category);
        }

        if (query.Text is { Length: > 0 } text)
        {
            // The database folds the case of both sides, so that both follow the same rules.
#pragma warning disable CA1304, CA1311, CA1862 // This is translated to SQL, where there is no culture.
            products = products.Where(product =>
                product.Name.ToLower().Contains(EF.Parameter(text).ToLower())
                || (product.Description != null && product.Description.ToLower().Contains(EF.Parameter(text).ToLower())));
#pragma warning restore CA1304, CA1311, CA1862
        }

        return await products
            .OrderBy(product => product.Id)
            .Skip(query.Skip)
            .Take(query.Take)
@@ sample=full|none
            .ToListAsync(cancellationToken);
    }

    /// <summary>Reads all products in constant memory. Those added or deleted meanwhile may be missing.</summary>
    // Page by page instead of one open query, so that a slow reader holds no connection, lock or snapshot. A retrying
    // execution strategy would also buffer the whole result of one query.
    public async IAsyncEnumerable<Product> StreamAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int PageSize = 1000;
        List<Product> page;
        long afterId = 0;
        do
        {
            page = await PageQuery(db, afterId, 0, PageSize).ToListAsync(cancellationToken);
            foreach (var product in page)
            {
                afterId = product.Id;
                yield return product;
            }
        }
        while (page.Count == PageSize);
    }

    /// <summary>Reads a product for display from the database, even if it is cached.</summary>
    public Task<Product?> FindInDatabaseAsync(long id, CancellationToken cancellationToken) => FindQuery(db, id, cancellationToken);

    /// <summary>Makes the next read of a product return what the database holds.</summary>
    public virtual Task RefreshAsync(long id) => Task.CompletedTask;

    /// <summary>Lists the categories that products have, in alphabetical order.</summary>
    public virtual async Task<IReadOnlyList<string>> ListCategoriesAsync(CancellationToken cancellationToken)
    {
        const int MaxCategories = 1000;
        return await db.Set<Product>().Select(product => product.Category)
            .Distinct()
            .OrderBy(category => category)
            .Take(MaxCategories)
@@ always
            .ToListAsync(cancellationToken);
    }

    public virtual async Task AddAsync(Product product, CancellationToken cancellationToken)
    {
        db.Add(product);
        await db.SaveChangesAsync(cancellationToken);
    }

    public virtual void Remove(Product product) => db.Remove(product);

    /// <summary>Saves a product that was changed or removed.</summary>
    /// <returns>False, and nothing is saved, if the product has changed since it was read.</returns>
    public virtual async Task<bool> TrySaveAsync(Product product, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }
}
