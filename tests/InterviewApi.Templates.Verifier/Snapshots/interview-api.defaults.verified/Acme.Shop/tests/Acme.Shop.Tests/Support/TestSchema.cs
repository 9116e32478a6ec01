using Acme.Shop.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Acme.Shop.Tests.Support;

/// <summary>Gives a test database its tables by the same migrations that production gets.</summary>
public static class TestSchema
{
    public static Task CreateAsync(AppDbContext db) => db.Database.MigrateAsync();
}
