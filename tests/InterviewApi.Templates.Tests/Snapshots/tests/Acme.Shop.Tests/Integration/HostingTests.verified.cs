using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Acme.Shop.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Acme.Shop.Tests.Integration;

/// <summary>Health probes, host filtering, CORS and the host itself.</summary>
public sealed class HostingTests : IAsyncLifetime
{
    private const string Origin = "https://app.example.com";

    private readonly ApiFactory _api = new ApiFactory().With("Cors:AllowedOrigins:0", Origin);

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_working_instance_is_healthy(string path)
    {
        var response = await _api.CreateClient().GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Healthy", report.GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_instance_whose_database_does_not_accept_writes_is_not_ready()
    {
        await using var own = new ApiFactory().With("ConnectionStrings:Database", _api.Database.ReadOnly);
        var client = own.CreateClient();

        var response = await client.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("Unhealthy", report.GetProperty("checks").GetProperty("database").GetString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task A_writer_that_holds_a_lock_leaves_others_ready()
    {
        await using var writer = await _api.Database.LockAsync();

        Assert.Equal(HttpStatusCode.OK, (await _api.CreateClient().GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public void No_settings_file_is_watched()
    {
        var configuration = (IConfigurationRoot)_api.Services.GetRequiredService<IConfiguration>();
        var files = configuration.Providers.OfType<FileConfigurationProvider>().ToArray();

        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => file.Source.ReloadOnChange);
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_a_problem()
    {
        var response = await _api.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/unknown").With("Host", "evil.example"));

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_probe_may_call_by_address(string path)
    {
        var response = await _api.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, path).With("Host", "10.1.2.3:8080"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_probe_is_only_read(string path)
    {
        var response = await _api.CreateClient().DeleteAsync(path);

        await response.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_preflight_of_an_allowed_origin_is_granted(string method)
    {
        var response = await PreflightAsync(Origin, method);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains(method, response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preflight_of_another_origin_is_not_granted()
    {
        var response = await PreflightAsync("https://evil.example", "PUT");

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task An_error_can_be_read_by_an_allowed_origin()
    {
        var response = await _api.CreateClient().SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/unknown").With("Origin", Origin));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(Origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("/health/ready", null)]
    [InlineData("/health/ready", "https://evil.example")]
    [InlineData("/unknown", Origin)]
    public async Task A_cache_is_told_that_a_response_depends_on_the_origin(string path, string? origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        var response = await _api.CreateClient().SendAsync(origin is null ? request : request.With("Origin", origin));

        Assert.Equal("Origin", response.Headers.Vary.Single());
    }

    private Task<HttpResponseMessage> PreflightAsync(string origin, string method) =>
        _api.CreateClient().SendAsync(new HttpRequestMessage(HttpMethod.Options, "/api/v1/anything")
            .With("Origin", origin)
            .With("Access-Control-Request-Method", method));
}
