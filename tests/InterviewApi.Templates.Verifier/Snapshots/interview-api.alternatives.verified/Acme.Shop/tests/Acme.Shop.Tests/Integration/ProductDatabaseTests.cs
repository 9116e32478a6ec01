using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>What a client sees of a database that does not write, and what queries the database can answer.</summary>
public sealed class ProductDatabaseTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task While_the_database_does_not_accept_writes_reads_go_on_and_writes_are_a_503()
    {
        await using var own = new ApiFactory().With("ConnectionStrings:Database", api.Database.ReadOnly);
        var writer = await api.CreateWriterAsync();
        var product = await writer.CreateProductAsync();
        var client = own.CreateClient();
        client.DefaultRequestHeaders.Authorization = writer.DefaultRequestHeaders.Authorization;

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(product)).StatusCode);
        var refused = await client.PostAsJsonAsync(Products.V1, Products.Cup());
        await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task While_another_process_holds_a_lock_reads_go_on_and_writes_are_a_503()
    {
        await using var own = new ApiFactory().With("ConnectionStrings:Database", api.Database.Impatient);
        var client = await own.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        await using (await api.Database.LockAsync())
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(product)).StatusCode);
            var refused = await client.PostAsJsonAsync(Products.V1, Products.Cup());
            await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        }

        await client.CreateProductAsync();
    }

    [Fact]
    public async Task Times_can_be_compared_and_sorted_whatever_their_offset()
    {
        await using var own = new ApiFactory();
        await own.InitializeAsync();
        await using var scope = own.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var noon = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
        foreach (var milliseconds in new[] { 500, 0, 1000, 510 })
        {
            var time = noon.AddMilliseconds(milliseconds);
            db.Add(new Product { Name = $"{milliseconds}", Price = 1, Category = "x", CreatedAt = time, UpdatedAt = time });
        }

        await db.SaveChangesAsync();
        var from = noon.AddMilliseconds(500).ToOffset(TimeSpan.FromHours(-5));

        var later = await db.Set<Product>()
            .Where(product => product.CreatedAt >= from)
            .OrderByDescending(product => product.CreatedAt)
            .Select(product => product.Name)
            .ToListAsync();

        Assert.Equal(["1000", "510", "500"], later);
        Assert.Equal(noon, await db.Set<Product>().MinAsync(product => product.CreatedAt));
    }
}
