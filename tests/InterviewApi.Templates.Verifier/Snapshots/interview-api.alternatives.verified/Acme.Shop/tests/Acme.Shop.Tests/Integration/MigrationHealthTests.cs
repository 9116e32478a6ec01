using System.Net;
using Acme.Shop.Core.Data;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class MigrationHealthTests
{
    [Fact]
    public async Task An_instance_without_its_migrations_is_not_ready()
    {
        await using var api = new ApiFactory();
        await api.InitializeAsync();
        await using var scope = api.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        var client = api.CreateClient();
        var hasMigrations = database.GetMigrations().Any();

        await database.MigrateAsync("0");

        var expected = hasMigrations ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
        Assert.Equal(expected, (await client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        await database.MigrateAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
    }
}
