using System.Net;
using System.Text.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class ApiDocsTests
{
    private static readonly string[] Pages =
        ["/openapi/v1.json", "/openapi/v2.json", "/docs/index.html", "/redoc/index.html"];

    [Theory]
    [InlineData("Development", null, HttpStatusCode.OK)]
    [InlineData("Development", "false", HttpStatusCode.NotFound)]
    [InlineData("Production", null, HttpStatusCode.NotFound)]
    [InlineData("Production", "true", HttpStatusCode.OK)]
    public async Task They_are_all_served_or_none(string environment, string? enabled, HttpStatusCode expected)
    {
        await using var api = await StartAsync(environment, enabled);

        foreach (var page in Pages)
        {
            Assert.Equal(expected, (await api.CreateClient().GetAsync(page)).StatusCode);
        }
    }

    [Theory]
    [InlineData("/docs/index.html")]
    [InlineData("/redoc/index.html")]
    public async Task A_page_needs_no_other_host(string page)
    {
        await using var api = await StartAsync("Production", "true");

        var html = await api.CreateClient().GetStringAsync(page);

        Assert.DoesNotContain("https://", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http://", html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Every_operation_is_named_and_described(string version)
    {
        await using var api = await StartAsync("Production", "true");

        var response = await api.CreateClient().GetAsync($"/openapi/{version}.json");
        var document = await response.ReadJsonAsync();

        Assert.StartsWith("3.", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var operations = OperationsOf(document).ToList();
        Assert.All(operations, operation => Assert.NotEmpty(operation.GetProperty("summary").GetString()!));
        var ids = operations.Select(operation => operation.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    private static async Task<ApiFactory> StartAsync(string environment, string? enabled)
    {
        var api = new ApiFactory().In(environment).With("Docs:Enabled", enabled);
        await api.InitializeAsync();
        return api;
    }

    private static IEnumerable<JsonElement> OperationsOf(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value);
}
