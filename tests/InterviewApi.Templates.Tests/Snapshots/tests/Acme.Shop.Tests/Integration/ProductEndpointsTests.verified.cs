using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Acme.Shop.Core.Data;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

public sealed class ProductEndpointsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_created_product_can_be_read()
    {
        var client = await api.CreateWriterAsync();

        var created = await client.PostAsJsonAsync(Products.V1, Products.Cup());

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var product = await created.ReadJsonAsync();
        Assert.Equal($"{Products.V1}/{product.GetProperty("id").GetInt64()}", created.Headers.Location!.ToString());
        Assert.Equal("Cup", product.GetProperty("name").GetString());
        Assert.Equal("12.50", product.GetProperty("price").GetRawText());

        // The same tag means the same bytes.
        var read = await client.GetAsync(created.Headers.Location);
        Assert.Equal(created.Headers.ETag, read.Headers.ETag);
        Assert.Equal(product.GetRawText(), (await read.ReadJsonAsync()).GetRawText());
    }

    [Fact]
    public async Task The_server_owns_the_id_and_the_times()
    {
        var client = await api.CreateWriterAsync();

        var response = await client.SendTextAsync(
            HttpMethod.Post,
            Products.V1,
            """{"id":4711,"createdAt":"2001-01-01T00:00:00Z","name":"Cup","price":1,"category":"kitchen"}""");

        var product = await response.ReadJsonAsync();
        Assert.NotEqual(4711, product.GetProperty("id").GetInt64());
        Assert.NotEqual(2001, product.GetProperty("createdAt").GetDateTimeOffset().Year);
    }

    [Fact]
    public async Task A_price_has_two_places_whatever_was_sent()
    {
        var client = await api.CreateWriterAsync();

        var created = await client.SendTextAsync(
            HttpMethod.Post, Products.V1, """{"name":"Cup","price":12.5000,"category":"kitchen"}""");
        var patched = await client.SendTextAsync(
            HttpMethod.Patch, created.Headers.Location!.ToString(), """{"price":1.250e1}""");

        Assert.Equal("12.50", (await created.ReadJsonAsync()).GetProperty("price").GetRawText());
        Assert.Equal("12.50", (await patched.ReadJsonAsync()).GetProperty("price").GetRawText());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("999999999")]
    [InlineData("99999999999999999999")]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("+1")]
    [InlineData("%2B1")]
    [InlineData("01")]
    [InlineData("%201")]
    [InlineData("1%20")]
    [InlineData("1,0")]
    public async Task An_id_that_nothing_has_is_not_found(string id)
    {
        var client = await api.CreateWriterAsync();
        await client.CreateProductAsync();

        await (await client.GetAsync($"{Products.V2}/{id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.GetAsync($"{Products.V1}/{id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.DeleteAsync($"{Products.V1}/{id}")).ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task HEAD_is_GET_without_the_body()
    {
        await using var network = await new ApiFactory().OnNetwork().StartAsync();
        var client = await network.CreateWriterAsync();
        var product = await client.CreateProductAsync();

        string[] addresses =
        [
            product,
            Products.V1 + "?skip=1&limit=1",
            Products.V1 + "?limit=0",
            Products.V2,
            product + "0000",
        ];
        foreach (var address in addresses)
        {
            await client.ShouldAnswerHeadLikeGetAsync(address);
        }
    }

    [Fact]
    public async Task A_method_that_the_route_does_not_have_is_refused()
    {
        var client = await api.CreateWriterAsync();

        await (await client.DeleteAsync(Products.V1)).ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_put_replaces_all_fields()
    {
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync();

        var response = await client.PutAsJsonAsync(address, new { name = "Mug", price = 9.99m, category = "office" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var product = await client.GetJsonAsync(address);
        Assert.Equal("Mug", product.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, product.GetProperty("description").ValueKind);
        Assert.Equal(9.99m, product.GetProperty("price").GetDecimal());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/merge-patch+json")]
    public async Task A_patch_changes_what_it_names(string contentType)
    {
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync();

        var response = await client.SendTextAsync(
            HttpMethod.Patch, address, """{"price":3,"description":null}""", contentType);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var product = await client.GetJsonAsync(address);
        Assert.Equal("Cup", product.GetProperty("name").GetString());
        Assert.Equal(3m, product.GetProperty("price").GetDecimal());
        Assert.Equal(JsonValueKind.Null, product.GetProperty("description").ValueKind);
    }

    [Fact]
    public async Task A_deleted_product_is_gone_and_its_id_is_not_used_again()
    {
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync();

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync(address)).StatusCode);

        await (await client.GetAsync(address)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.DeleteAsync(address)).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        await (await client.PutAsJsonAsync(address, Products.Cup())).ShouldBeProblemAsync(HttpStatusCode.NotFound);
        Assert.NotEqual(address, await client.CreateProductAsync());
    }

    [Fact]
    public async Task A_constraint_of_the_database_that_refuses_a_change_is_a_conflict()
    {
        await using var constrained = await new ApiFactory().StartAsync();
        var client = await constrained.CreateWriterAsync();
        var address = await client.CreateProductAsync();
        await using var scope = constrained.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AppDbContext>().Database;
        await database.ExecuteSqlRawAsync("""CREATE UNIQUE INDEX "OneName" ON "Products" ("Name")""");
        await database.ExecuteSqlRawAsync("""CREATE TABLE "ReferenceToProduct" ("ProductId" bigint REFERENCES "Products" ("Id"))""");
        await database.ExecuteSqlRawAsync("""INSERT INTO "ReferenceToProduct" SELECT "Id" FROM "Products" ORDER BY 1""");

        var duplicate = await client.PostAsJsonAsync(Products.V1, Products.Cup());
        var referenced = await client.DeleteAsync(address);

        Assert.True((await duplicate.ShouldBeProblemAsync(HttpStatusCode.Conflict)).TryGetProperty("detail", out _));
        Assert.True((await referenced.ShouldBeProblemAsync(HttpStatusCode.Conflict)).TryGetProperty("detail", out _));
    }

    [Fact]
    public async Task A_write_is_a_span_of_the_server_above_spans_of_the_database()
    {
        const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var traced = receiver.CreateApi();
        await traced.InitializeAsync();
        var client = await traced.CreateWriterAsync();

        await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, Products.V1) { Content = JsonContent.Create(Products.Cup("Secret 4711")) }
            .With("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01"));

        var spans = await receiver.WaitForTraceAsync(TraceId);
        var request = Assert.Single(spans, span => span.Kind == Span.Server);
        Assert.StartsWith($"POST {Products.V1}", request.Name, StringComparison.Ordinal);
        Assert.Contains(spans, span => span.Kind == Span.Client
            && span.ParentId == request.Id
            && span.Text.Contains("INSERT INTO \"Products\"", StringComparison.Ordinal));

        // Neither the values of a command nor how to connect.
        Assert.DoesNotContain(receiver.Everything, message => message.Contains("Secret 4711"));
        Assert.DoesNotContain(spans, span => span.Text.Contains(traced.Database.ConnectionString, StringComparison.Ordinal));
    }
}
