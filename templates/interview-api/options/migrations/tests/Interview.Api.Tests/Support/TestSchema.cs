using InterviewApi.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace InterviewApi.Tests.Support;

/// <summary>Gives a test database its tables by the same migrations that production gets.</summary>
public static class TestSchema
{
    public static Task CreateAsync(AppDbContext db) => db.Database.MigrateAsync();
}
