using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class SecurityHeadersTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("/health/live", "localhost")]
    [InlineData("/unknown", "localhost")]
    [InlineData("/health/live", "evil.example")]
    public async Task Every_response_has_them(string path, string host)
    {
        var response = await api.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path).With("Host", host));

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.NotEmpty(response.Headers.GetValues("X-Request-ID").Single());
        Assert.False(response.Headers.Contains("Server"));
    }
}
