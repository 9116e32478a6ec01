namespace Acme.Shop.Tests.Support;

/// <summary>Clients by what they may do.</summary>
public static class ApiFactoryClients
{
    /// <summary>A client that may change resources.</summary>
    public static Task<HttpClient> CreateWriterAsync(this ApiFactory api) => Task.FromResult(api.CreateClient());
}
