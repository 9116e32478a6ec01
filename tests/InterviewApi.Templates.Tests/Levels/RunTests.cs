using System.Net;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The package is installed, a project is generated with all defaults, and it answers over HTTP.</summary>
[Trait("Level", "Run")]
public sealed class RunTests
{
    [Fact]
    public async Task The_default_project_runs_and_answers()
    {
        var hive = await TemplateHive.InstalledAsync();
        var project = await hive.GenerateAsync("Acme.Shop", Suite.Template.Space[0]);
        await using var api = await RunningApi.StartAsync(project);

        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/openapi/v1.json")).StatusCode);
        Assert.Equal("[]", await api.Client.GetStringAsync("/api/v1/products"));

        var unknown = await api.Client.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("application/problem+json", unknown.Content.Headers.ContentType?.MediaType);
    }
}
