using System.Net;
using InterviewApi.Templates.Tests.Harness;
using k8s.Models;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>
/// The published API as a pod would run it: with the rendered settings, volumes and rights, asked by the rendered probes.
/// </summary>
[Trait("Level", "Run")]
public sealed class KubernetesRunTests
{
    // As the kubelet calls a pod.
    private const string PodAddress = "10.42.0.7:8080";

    [Fact]
    public async Task The_API_migrates_starts_and_passes_its_probes_with_the_rights_of_the_manifests()
    {
        Requires.Kubectl();
        Requires.Programs("unshare", "setpriv");
        Requires.Servers();
        Requires.PodRoot();
        var api = await PublishedApi.OnceAsync();
        var combination = Suite.Template.Space.FirstWith(("database", "postgres"), ("cache", "redis"), ("kubernetes", "true"));
        var manifests = await Manifests.OfAsync(combination.Number, "production");
        var database = (await PostgresDatabase.CreateAsync()).ConnectionString;
        var root = new PodRoot(manifests, api.Assembly);
        await root.WriteAsync("owner", new Dictionary<string, string>
        {
            ["ConnectionStrings__Database"] = database, ["Jwt__SigningKey"] = TestToken.SigningKey,
        });
        await root.WriteAsync("secrets", new Dictionary<string, string> { ["Jwt__SigningKey"] = TestToken.SigningKey });

        // All that is elsewhere in a cluster: the servers, and the port, which the image sets.
        var environment = manifests.Settings.ToDictionary();
        environment["ConnectionStrings__Redis"] = await RedisServer.StartAsync();
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        environment["ASPNETCORE_URLS"] = address;

        var migrated = await root.RunAsync(Assert.Single(manifests.Pod.InitContainers), environment);
        Assert.True(migrated.ExitCode == 0, migrated.Output);

        environment["ConnectionStrings__Database"] = database;
        await using var process = await root.StartAsync(manifests.Api, environment);
        using var kubelet = new HttpClient { BaseAddress = new Uri(address) };
        foreach (var probe in (V1Probe[])[manifests.Api.StartupProbe, manifests.Api.LivenessProbe, manifests.Api.ReadinessProbe])
        {
            await process.WaitUntilAsync(async () => await StatusAsync(probe.HttpGet) == HttpStatusCode.OK);
        }

        // What is no probe has to name a host of the route.
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(new() { Path = "/api/v1/products" }));
        var host = new V1HTTPHeader { Name = "Host", Value = manifests.The<HttpRoute>().Spec.Hostnames[0] };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new() { Path = "/api/v1/products", HttpHeaders = [host] }));
        Assert.True(Directory.Exists(Path.Combine(root.FolderOf("data"), "uploads")));

        process.Terminate();
        Assert.Equal(0, await process.WaitForExitAsync());

        async Task<HttpStatusCode?> StatusAsync(V1HTTPGetAction probe)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, probe.Path);
            request.Headers.Host = PodAddress;
            foreach (var header in probe.HttpHeaders ?? [])
            {
                request.Headers.Remove(header.Name);
                request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }

            try
            {
                using var response = await kubelet.SendAsync(request);
                return response.StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }
}
