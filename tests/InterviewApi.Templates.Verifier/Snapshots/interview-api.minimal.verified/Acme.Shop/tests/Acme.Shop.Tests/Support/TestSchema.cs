using Acme.Shop.Core.Data;

namespace Acme.Shop.Tests.Support;

/// <summary>Gives a test database its tables.</summary>
public static class TestSchema
{
    public static Task CreateAsync(AppDbContext db) => db.Database.EnsureCreatedAsync();
}
