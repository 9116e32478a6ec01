using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Acme.Shop.Tests.Support;

/// <summary>Product requests that tests start from.</summary>
public static class Products
{
    public const string V1 = "/api/v1/products";
    public const string V2 = "/api/v2/products";

    public static object Cup(string name = "Cup", string category = "kitchen") =>
        new { name, description = "Holds 60 ml.", price = 12.5m, category };

    /// <summary>Creates a product through version 1, and returns its address.</summary>
    public static async Task<string> CreateProductAsync(
        this HttpClient client, string name = "Cup", string category = "kitchen")
    {
        var response = await client.PostAsJsonAsync(V1, Cup(name, category));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    public static Task<JsonElement> GetJsonAsync(this HttpClient client, string address) =>
        client.GetFromJsonAsync<JsonElement>(address);

    /// <summary>Sends JSON text as it stands, so that tests can send what no serializer writes.</summary>
    public static Task<HttpResponseMessage> SendTextAsync(
        this HttpClient client, HttpMethod method, string address, string text, string contentType = "application/json") =>
        client.SendAsync(new HttpRequestMessage(method, address)
        {
            Content = new StringContent(text, Encoding.UTF8, contentType),
        });
}
