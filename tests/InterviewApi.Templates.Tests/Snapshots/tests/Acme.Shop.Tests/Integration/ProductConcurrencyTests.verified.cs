using System.Net;
using System.Net.Http.Json;
using System.Text;
using Acme.Shop.Core.Data;
using Acme.Shop.Models;
using Acme.Shop.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>Preconditions, concurrent changes, and a database that does not write.</summary>
public sealed class ProductConcurrencyTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task An_unchanged_product_is_not_sent_again()
    {
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync();
        var tag = (await client.GetAsync(address)).Headers.ETag!;
        Assert.False(tag.IsWeak);

        Assert.Equal(HttpStatusCode.NotModified, (await GetIfNoneMatchAsync(client, address, tag.ToString())).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await GetIfNoneMatchAsync(client, address, $"\"x\", W/{tag}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await GetIfNoneMatchAsync(client, address, "*")).StatusCode);
        await client.PutAsJsonAsync(address, Products.Cup("Mug"));
        Assert.Equal(HttpStatusCode.OK, (await GetIfNoneMatchAsync(client, address, tag.ToString())).StatusCode);
    }

    [Fact]
    public async Task A_change_of_an_old_version_is_refused()
    {
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync();
        var old = (await client.GetAsync(address)).Headers.ETag!.ToString();
        await client.PutAsJsonAsync(address, Products.Cup("Mug"));

        foreach (var tag in new[] { old, "\"999\"", $"W/{old}", "\"not-a-version\"", "not a tag" })
        {
            await (await ChangeAsync(client, HttpMethod.Put, address, tag)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
            await (await ChangeAsync(client, HttpMethod.Patch, address, tag)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
            await (await ChangeAsync(client, HttpMethod.Delete, address, tag)).ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
        }

        var current = (await client.GetAsync(address)).Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(client, HttpMethod.Put, address, current)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await ChangeAsync(client, HttpMethod.Delete, address, "*")).StatusCode);
    }

    // RFC 9110 sections 13.1.1, 13.1.2 and 13.2.2: the current tag is "1".
    [Theory]
    [InlineData("If-Match", ",", 412, 412)]
    [InlineData("If-Match", "\"01\"", 412, 412)]
    [InlineData("If-Match", "1", 412, 412)]
    [InlineData("If-Match", "W/\"1\"", 412, 412)]
    [InlineData("If-Match", "\"2\", *", 412, 412)]
    [InlineData("If-Match", "\"2\", \"1\"", 200, 200)]
    [InlineData("If-Match", "*", 200, 200)]
    [InlineData("If-None-Match", "*", 304, 412)]
    [InlineData("If-None-Match", "\"1\"", 304, 412)]
    [InlineData("If-None-Match", "W/\"1\"", 304, 412)]
    [InlineData("If-None-Match", "\"2\", \"1\"", 304, 412)]
    [InlineData("If-None-Match", "\"01\", \"2\"", 200, 200)]
    [InlineData("If-None-Match", ",", 200, 200)]
    [InlineData("If-None-Match", "1", 200, 412)]
    [InlineData("If-Match+If-None-Match", "\"1\"", 304, 412)]
    [InlineData("If-Match+If-None-Match", "\"2\"", 412, 412)]
    public async Task A_precondition_is_evaluated(string headers, string value, int statusOfRead, int statusOfChange)
    {
        var client = await api.CreateWriterAsync();
        foreach (var products in new[] { Products.V1, Products.V2 })
        {
            var address = (await client.CreateProductAsync()).Replace(Products.V1, products, StringComparison.Ordinal);
            await SendAsync(HttpMethod.Get, address, statusOfRead);
            await SendAsync(HttpMethod.Head, address, statusOfRead);
            await SendAsync(HttpMethod.Patch, address, statusOfChange, "{}");
            address = (await client.CreateProductAsync()).Replace(Products.V1, products, StringComparison.Ordinal);
            var replacement = products == Products.V1
                ? """{"name":"Pot","price":1,"category":"c"}"""
                : """{"name":"Pot","price":{"amount":"1","currency":"USD"},"category":"c"}""";
            await SendAsync(HttpMethod.Put, address, statusOfChange, replacement);
            address = (await client.CreateProductAsync()).Replace(Products.V1, products, StringComparison.Ordinal);
            await SendAsync(HttpMethod.Delete, address, statusOfChange == 200 ? 204 : statusOfChange);
        }

        async Task SendAsync(HttpMethod method, string address, int status, string? body = null)
        {
            var request = new HttpRequestMessage(method, address)
            {
                Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            };
            foreach (var header in headers.Split('+'))
            {
                request.With(header, value);
            }

            var response = await client.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
            if (status == 412 && method != HttpMethod.Head)
            {
                await response.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed);
            }
        }
    }

    [Fact]
    public async Task A_precondition_does_not_hide_that_there_is_no_product()
    {
        var client = await api.CreateWriterAsync();

        var response = await ChangeAsync(client, HttpMethod.Put, $"{Products.V1}/999999999", "*");

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_many_changes_of_one_version_one_is_made()
    {
        var client = await api.CreateWriterAsync();
        var address = await client.CreateProductAsync();
        var tag = (await client.GetAsync(address)).Headers.ETag!.ToString();

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => ChangeAsync(client, HttpMethod.Put, address, tag)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        Assert.Equal(19, responses.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Fact]
    public async Task No_unconditional_change_is_lost()
    {
        var client = await api.CreateWriterAsync();
        var id = (await client.CreateProductAsync()).Split('/')[^1];

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            client.SendTextAsync(HttpMethod.Patch, $"{Products.V2}/{id}", $$"""{"description":"{{number}}"}""")));

        // Each attempt that fails has lost to another of these changes, so none of them runs out of attempts.
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        var version = (await client.GetJsonAsync($"{Products.V2}/{id}")).GetProperty("version").GetInt32();
        Assert.Equal(1 + responses.Length, version);
    }

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
        await using var own = await new ApiFactory().StartAsync();
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

    private static Task<HttpResponseMessage> GetIfNoneMatchAsync(HttpClient client, string address, string tag) =>
        client.SendAsync(new HttpRequestMessage(HttpMethod.Get, address).With("If-None-Match", tag));

    private static Task<HttpResponseMessage> ChangeAsync(HttpClient client, HttpMethod method, string address, string tag) =>
        client.SendAsync(new HttpRequestMessage(method, address)
        {
            Content = method == HttpMethod.Delete ? null : JsonContent.Create(Products.Cup("Pot")),
        }.With("If-Match", tag));
}
