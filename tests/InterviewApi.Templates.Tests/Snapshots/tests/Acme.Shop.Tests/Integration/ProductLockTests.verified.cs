using System.Net;
using System.Net.Http.Json;
using Acme.Shop.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductLockTests
{
    [Fact]
    public async Task While_another_process_holds_the_file_reads_go_on_and_writes_are_a_503()
    {
        await using var api = new ApiFactory();
        var file = api.Services.GetRequiredService<IConfiguration>()["ConnectionStrings:Database"];
        await using var hasty = new ApiFactory().With("ConnectionStrings:Database", $"{file};Default Timeout=1");
        await api.InitializeAsync();
        var client = await hasty.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        await using (var other = new SqliteConnection(file))
        {
            await other.OpenAsync();
            await using var writing = other.BeginTransaction(deferred: false);

            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(product)).StatusCode);
            var refused = await client.PostAsJsonAsync(Products.V1, Products.Cup());
            await refused.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable);
        }

        await client.CreateProductAsync();
    }
}
