using Acme.Shop.Models;

namespace Acme.Shop.Repositories;

/// <summary>Reads and writes the attachments of products.</summary>
public sealed class ProductAttachmentRepository(AppDbContext db)
{
    public Task<ProductAttachment?> FindAsync(long productId, long id, CancellationToken cancellationToken) =>
        Of(productId).FirstOrDefaultAsync(attachment => attachment.Id == id, cancellationToken);

    public async Task<IReadOnlyList<ProductAttachment>> ListAsync(
        long productId, int skip, int take, CancellationToken cancellationToken) =>
        await Of(productId).OrderBy(attachment => attachment.Id).Skip(skip).Take(take).ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<string>> ListFilesAsync(long productId, CancellationToken cancellationToken) =>
        await Of(productId).Select(attachment => attachment.File).ToListAsync(cancellationToken);

    /// <summary>Adds all of them or none.</summary>
    public Task AddAsync(IEnumerable<ProductAttachment> attachments, CancellationToken cancellationToken)
    {
        db.AddRange(attachments);
        return db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>False if there is no such attachment.</returns>
    public async Task<bool> DeleteAsync(long productId, long id, CancellationToken cancellationToken) =>
        await Of(productId).Where(attachment => attachment.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;

    /// <summary>Returns those of these files that a product or an attachment refers to.</summary>
    public async Task<IReadOnlySet<string>> FindUsedAsync(IReadOnlyCollection<string> files, CancellationToken cancellationToken)
    {
        var images = await db.Set<Product>().Where(product => files.Contains(product.ImageFile!))
            .Select(product => product.ImageFile!).ToListAsync(cancellationToken);
        var attachments = await db.Set<ProductAttachment>().Where(attachment => files.Contains(attachment.File))
            .Select(attachment => attachment.File).ToListAsync(cancellationToken);
        return images.Concat(attachments).ToHashSet();
    }

    private IQueryable<ProductAttachment> Of(long productId) =>
        db.Set<ProductAttachment>().AsNoTracking().Where(attachment => attachment.ProductId == productId);
}
