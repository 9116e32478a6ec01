using System.Net;
using System.Net.Http.Headers;

namespace Acme.Shop.Tests.Support;

/// <summary>Clients by what they may do.</summary>
public static class ApiFactoryClients
{
    /// <summary>A client that may change resources.</summary>
    public static Task<HttpClient> CreateWriterAsync(this ApiFactory api) => api.CreateClientForAsync(TestUser.Create());

    /// <summary>A client that is signed in as a new user.</summary>
    public static async Task<HttpClient> CreateClientForAsync(this ApiFactory api, TestUser user)
    {
        var tokens = await api.SignUpAsync(user);
        var client = api.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
        return client;
    }

    /// <summary>Registers a new user and signs the user in.</summary>
    public static async Task<Tokens> SignUpAsync(this ApiFactory api, TestUser user)
    {
        using var client = api.CreateClient();
        Assert.Equal(HttpStatusCode.Created, (await client.RegisterAsync(user)).StatusCode);
        return await (await client.SignInAsync(user.Username, user.Password)).ReadTokensAsync();
    }
}
