using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Acme.Shop.Tests.Support;

namespace Acme.Shop.Tests.Integration;

public sealed class RedisHealthTests
{
    [Fact]
    public async Task An_instance_with_Redis_is_healthy()
    {
        await using var api = new ApiFactory();

        Assert.Equal((HttpStatusCode.OK, "Healthy", "Healthy"), await ReadinessAsync(api));
    }

    [Fact]
    public async Task An_instance_without_Redis_is_degraded_and_ready()
    {
        await using var api = new ApiFactory().With("ConnectionStrings:Redis", TestRedis.Nowhere);

        Assert.Equal((HttpStatusCode.OK, "Degraded", "Degraded"), await ReadinessAsync(api));
    }

    private static async Task<(HttpStatusCode Code, string? Status, string? Redis)> ReadinessAsync(ApiFactory api)
    {
        await api.InitializeAsync();
        var response = await api.CreateClient().GetAsync("/health/ready");
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (
            response.StatusCode,
            report.GetProperty("status").GetString(),
            report.GetProperty("checks").GetProperty("redis").GetString());
    }
}
