using System.Net.Http.Json;
using System.Text.Json;
using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductExportTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData(Products.V1)]
    [InlineData(Products.V2)]
    public async Task Every_product_is_a_line_as_its_version_shows_it(string products)
    {
        var client = await api.CreateWriterAsync();
        for (var number = 0; number < 3; number++)
        {
            await client.CreateProductAsync($"Line\n{number}".Replace("\n", " ", StringComparison.Ordinal));
        }

        var response = await client.GetAsync(products + "/export");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.ToString());
        Assert.Empty(lines[^1]);
        var exported = lines[..^1].Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var ids = exported.Select(product => product.GetProperty("id").GetInt64()).ToList();
        Assert.True(ids.Count >= 3);
        Assert.Equal(ids.Order(), ids);
        foreach (var product in exported)
        {
            var shown = await client.GetFromJsonAsync<JsonElement>($"{products}/{product.GetProperty("id")}");
            Assert.Equal(shown.GetRawText(), product.GetRawText());
        }
    }

    [Fact]
    public async Task An_export_may_take_longer_than_the_time_limit_of_requests()
    {
        // More than the buffers between the two sides hold.
        const int count = 20_000;
        await using var own = await new ApiFactory().With("Server:RequestTimeoutSeconds", "1").OnNetwork().StartAsync();
        await using (var scope = own.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            var description = new string('x', 2000);
            db.AddRange(Enumerable.Range(0, count).Select(number =>
                new Product { Name = $"Cup {number}", Description = description, Category = "kitchen", Price = 1 }));
            await db.SaveChangesAsync();
        }

        using var response = await own.CreateClient().GetAsync(
            Products.V1 + "/export", HttpCompletionOption.ResponseHeadersRead);
        await Task.Delay(TimeSpan.FromSeconds(3));
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());

        for (var number = 0; number < count; number++)
        {
            Assert.NotNull(await lines.ReadLineAsync());
        }

        Assert.Null(await lines.ReadLineAsync());
    }
}
