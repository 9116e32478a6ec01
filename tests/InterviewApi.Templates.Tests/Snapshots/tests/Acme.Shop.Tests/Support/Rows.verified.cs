using Acme.Shop.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Support;

/// <summary>Rows that a test needs, but not what is in them.</summary>
public static class Rows
{
    /// <summary>Stores an entity with some text in each required column, and the entities that it has to refer to.</summary>
    /// <returns>Its id.</returns>
    public static async Task<long> AddAsync<TEntity>(this ApiFactory api)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        return (long)await AddAsync(db, db.Model.FindEntityType(typeof(TEntity))!);
    }

    /// <summary>Stores a row of each resource, and of what other tables refer to. In an empty database, its id is 1.</summary>
    public static async Task AddResourcesAsync(this ApiFactory api)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        foreach (var type in db.Model.GetEntityTypes().Where(IsResource))
        {
            await AddAsync(db, type);
        }
    }

    private static async Task<object> AddAsync(AppDbContext db, IEntityType type)
    {
        var references = new Dictionary<string, object>();
        foreach (var key in type.GetForeignKeys().Where(key => key.IsRequired))
        {
            references.Add(key.Properties[0].Name, await AddAsync(db, key.PrincipalEntityType));
        }

        var row = db.Entry(Activator.CreateInstance(type.ClrType)!);
        foreach (var property in type.GetProperties().Where(property => !property.IsNullable))
        {
            if (references.TryGetValue(property.Name, out var reference))
            {
                row.Property(property.Name).CurrentValue = reference;
            }
            else if (property.ClrType == typeof(string))
            {
                row.Property(property.Name).CurrentValue = $"{Guid.NewGuid():N}"[..Math.Min(32, property.GetMaxLength() ?? 32)];
            }
        }

        row.State = EntityState.Added;
        await db.SaveChangesAsync();
        return row.Property(type.FindPrimaryKey()!.Properties[0].Name).CurrentValue!;
    }

    private static bool IsResource(IEntityType type) =>
        type.ClrType.Namespace!.EndsWith(".Models", StringComparison.Ordinal)
        && type.FindPrimaryKey()!.Properties[0].ClrType == typeof(long)
        && (type.GetReferencingForeignKeys().Any() || type.GetProperties().Any(property => property.IsConcurrencyToken));
}
