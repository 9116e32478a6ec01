using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A product of a running API, of which every instance knows the same.</summary>
internal sealed record TestProduct(string Address, string Token)
{
    private const string Products = "/api/v1/products";

    public static async Task<TestProduct> CreateAsync(HttpClient client, string token)
    {
        using var response = await TestAccount.SendAsync(client, HttpMethod.Post, Products, token, Content(0));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);

        return new TestProduct(response.Headers.Location!.ToString(), token);
    }

    /// <summary>Sends a change, which gives the product another price.</summary>
    public Task<HttpResponseMessage> ChangeAsync(HttpClient client, int number) =>
        TestAccount.SendAsync(client, HttpMethod.Put, Address, Token, Content(number));

    public Task<HttpResponseMessage> ReadAsync(HttpClient client) => client.GetAsync(Address);

    /// <summary>The version that an answer shows, by its entity tag.</summary>
    public static int VersionOf(HttpResponseMessage response) =>
        int.Parse(response.Headers.ETag!.Tag.Trim('"'), CultureInfo.InvariantCulture);

    private static JsonContent Content(int number) =>
        JsonContent.Create(new { name = "Cup", price = 1 + number, category = "kitchen" });
}
