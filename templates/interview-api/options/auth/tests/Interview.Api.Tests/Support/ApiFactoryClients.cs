namespace InterviewApi.Tests.Support;

/// <summary>Clients by what they may do.</summary>
public static class ApiFactoryClients
{
    /// <summary>A client that may change resources.</summary>
    public static Task<HttpClient> CreateWriterAsync(this ApiFactory api) => api.CreateClientForAsync(TestUser.Create());
}
