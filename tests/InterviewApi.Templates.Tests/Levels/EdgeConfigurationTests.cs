using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The real nginx reads every distinct configuration, and answers by itself where no instance does.</summary>
[Trait("Level", "Edge")]
public sealed class EdgeConfigurationTests
{
    [EdgeFact]
    public async Task Nginx_accepts_every_rendering_without_a_warning()
    {
        var table = await Suite.RenderedAsync();
        var projects = table.DistinctProjects("nginx/");
        Assert.True(projects.Count >= 16, $"There are only {projects.Count} renderings.");

        foreach (var number in projects)
        {
            var site = await NginxSite.CreateAsync(table.Project(number), FreePort.Next());
            var result = (await site.RunAsync("-t")).EnsureSucceeded();

            Assert.Contains("test is successful", result.Output, StringComparison.Ordinal);

            // Newer ones want another spelling, as the file says.
            Assert.DoesNotContain(result.Output.Split('\n'), line => line.Contains('[', StringComparison.Ordinal) && !line.Contains("\"listen ... http2\" directive is deprecated", StringComparison.Ordinal));
        }
    }

    [EdgeFact]
    public async Task Without_an_instance_every_answer_is_a_problem_with_all_headers()
    {
        var table = await Suite.RenderedAsync();
        await using var nginx = await NginxServer.StartAsync(await NginxSite.CreateAsync(table.Project(0), FreePort.Next(), FreePort.Next()));
        using var client = nginx.NewClient();

        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.BadGateway, await client.GetAsync("/api/v1/products"));
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.BadGateway, await client.PostAsync("/api/v1/products", null));
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.MethodNotAllowed, await client.SendAsync(new HttpRequestMessage(HttpMethod.Trace, "/")));
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.NotFound, await client.GetAsync("/edge-problem"));
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.RequestUriTooLong, await client.GetAsync("/" + new string('a', 9000)));
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.RequestEntityTooLarge, await client.PostAsync("/api/v1/products", new ByteArrayContent(new byte[(1024 * 1024) + 1])));

        var tooLong = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Long", new string('a', 9000) } } };
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.RequestHeaderFieldsTooLarge, await client.SendAsync(tooLong));
    }

    [EdgeFact]
    public async Task Its_own_health_needs_neither_TLS_nor_an_instance()
    {
        var table = await Suite.RenderedAsync();
        await using var nginx = await NginxServer.StartAsync(await NginxSite.CreateAsync(table.Project(0), FreePort.Next()));
        using var client = nginx.NewClient();

        var health = await client.GetAsync(new Uri(nginx.PlainAddress, "/health/edge"));

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        EdgeAssert.HasTheHeadersOfEveryResponse(health);
    }
}
