using InterviewApi.Core.Data;

namespace InterviewApi.Tests.Support;

/// <summary>Gives a test database its tables.</summary>
public static class TestSchema
{
    public static Task CreateAsync(AppDbContext db) => db.Database.EnsureCreatedAsync();
}
