using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
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

        await (await api.CreateClient().GetAsync("/openapi/v9.json")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
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
        Assert.All(operations, operation => Assert.True(
            operation.TryGetProperty("summary", out var summary) && summary.GetString() != "",
            $"The method of {operation.GetProperty("operationId")} has no <summary>."));
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

/// <summary>The OpenAPI documents say what the API does: whatever resource is added, its document is tried.</summary>
public sealed class ApiDocumentTests : IAsyncLifetime
{
    private readonly ApiFactory _api = new ApiFactory().With("Docs:Enabled", "true");

    public async ValueTask InitializeAsync()
    {
        await _api.InitializeAsync();
        await _api.AddResourcesAsync();
    }

    public async ValueTask DisposeAsync() => await _api.DisposeAsync();

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Every_example_succeeds(string version)
    {
        var document = await ApiDocument.ReadAsync(_api.CreateClient(), version);

        foreach (var operation in document.Operations.Where(document.CanTry))
        {
            var client = await _api.CreateWriterAsync();
            var address = await document.CreateAddressAsync(client, operation);

            var response = await document.SendAsync(client, operation, address);

            Assert.True(response.IsSuccessStatusCode, $"{operation}: {response.StatusCode}");
            var documented = operation.Definition["responses"]![$"{(int)response.StatusCode}"];
            Assert.True(documented is not null, $"{operation}: {response.StatusCode} is not documented.");
            if (documented["content"]?["application/json"]?["schema"] is { } schema)
            {
                var body = JsonNode.Parse(await response.Content.ReadAsStringAsync());
                Assert.Equal([], document.MismatchesOf(schema, body).Select(mismatch => $"{operation}: {mismatch}"));
            }
        }
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Every_constraint_of_a_body_holds_from_both_sides(string version)
    {
        var document = await ApiDocument.ReadAsync(_api.CreateClient(), version);

        foreach (var operation in document.Operations.Where(operation => operation.HasJsonBody && document.CanTry(operation)))
        {
            var client = await _api.CreateWriterAsync();
            var address = await document.CreateAddressAsync(client, operation);
            var schema = operation.Body!.First().Value!["schema"]!;
            foreach (var (body, isValid, text) in SchemaCases.OfBody(document, schema))
            {
                var response = await document.SendAsync(client, operation, address, body);

                Assert.True(IsExpected(response, isValid), $"{operation}: {text}: {response.StatusCode}");
            }
        }
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public async Task Every_constraint_of_a_query_holds_from_both_sides(string version)
    {
        var document = await ApiDocument.ReadAsync(_api.CreateClient(), version);

        foreach (var operation in document.Operations.Where(operation => operation.Method == "GET" && !operation.NeedsRole))
        {
            var client = await _api.CreateWriterAsync();
            var address = await document.CreateAddressAsync(client, operation);
            foreach (var parameter in operation.QueryParameters)
            {
                var name = parameter["name"]!.ToString();
                if (!document.HasExamples(operation, except: name))
                {
                    continue;
                }

                var schema = document.Resolve(parameter["schema"]!);
                schema = schema["items"] is { } items ? document.Resolve(items) : schema;
                foreach (var (value, isValid) in SchemaCases.OfValue(schema))
                {
                    // In a query everything is text, and nothing is null.
                    if (value is not null
                        && (isValid || !double.TryParse(value.ToString(), out _) || schema["type"]!.ToString() == "integer"))
                    {
                        var query = document.QueryOf(operation, name, value.ToString());
                        var response = await client.GetAsync(address + query);

                        Assert.True(IsExpected(response, isValid), $"{operation}: {query}: {response.StatusCode}");
                    }
                }
            }
        }
    }

    // A second resource of the same name may be a conflict; that is not what is wrong with a value.
    private static bool IsExpected(HttpResponseMessage response, bool isValid) => isValid
        ? response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Conflict
        : response.StatusCode == HttpStatusCode.BadRequest;
}
