using System.Net.Http.Json;
using System.Text.Json;
using InterviewApi.Tests.Support;

namespace InterviewApi.Tests.Integration;

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
}
