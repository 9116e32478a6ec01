using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>nginx with TLS in front of two instances of the generated API, which share PostgreSQL and Redis.</summary>
internal sealed class EdgeStack : IAsyncDisposable
{
    private const string Password = "correct horse battery staple";

    private EdgeStack(IReadOnlyList<RunningApi> instances, NginxServer nginx) => (Instances, Nginx) = (instances, nginx);

    public IReadOnlyList<RunningApi> Instances { get; }

    public NginxServer Nginx { get; }

    public static Task<EdgeStack> StartAsync() => StartAsync(new Dictionary<string, string>());

    /// <param name="changes">Settings of the instances that differ from those of the other tests.</param>
    public static async Task<EdgeStack> StartAsync(IReadOnlyDictionary<string, string> changes)
    {
        var api = await PublishedApi.OnceAsync();
        var folder = new TemporaryFolder($"edge-{Guid.NewGuid():N}"[..13]).Path;
        var settings = await SettingsAsync(folder);
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        (await Cli.DotnetAsync(api.Folder, TimeSpan.FromMinutes(2), [api.Assembly, "migrate"], settings)).EnsureSucceeded();

        var instances = await Task.WhenAll(
            RunningApi.StartAsync(api.Assembly, api.Folder, settings), RunningApi.StartAsync(api.Assembly, api.Folder, settings));
        var site = await NginxSite.CreateAsync(
            api.Files.Select(file => (file.Key, file.Value)), [.. instances.Select(instance => instance.Client.BaseAddress!.Port)]);

        return new EdgeStack(instances, await NginxServer.StartAsync(site));
    }

    /// <summary>A client with an account of its own, whose requests carry its token.</summary>
    public async Task<HttpClient> NewUserAsync(byte number = 1)
    {
        var client = Nginx.NewClient(number);
        var name = $"user{Guid.NewGuid():N}"[..20];
        (await client.PostAsJsonAsync("/api/v1/auth/register", new { username = name, email = $"{name}@example.com", password = Password }))
            .EnsureSuccessStatusCode();

        var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = "password", ["username"] = name, ["password"] = Password });
        var answer = await (
            await client.PostAsync("/api/v1/auth/token", form)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", answer.GetProperty("access_token").GetString());

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Nginx.DisposeAsync();
        foreach (var instance in Instances)
        {
            await instance.DisposeAsync();
        }
    }

    // The windows outlast the tests, so that no count depends on how fast the machine is.
    private static async Task<Dictionary<string, string>> SettingsAsync(string folder) => new()
    {
        ["ConnectionStrings__Database"] = $"{await PostgresServer.ConnectionStringAsync()}_{Path.GetFileName(folder)};Maximum Pool Size=20",
        ["ConnectionStrings__Redis"] = await RedisServer.StartAsync(),
        ["Jwt__SigningKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)),
        ["ForwardedHeaders__KnownProxies__0"] = "127.0.0.1",
        ["RateLimiting__PermitLimit"] = "1000000",
        ["RateLimiting__WindowSeconds"] = "3600",
        ["RateLimiting__Auth__PermitLimit"] = "1000",
        ["RateLimiting__Upload__PermitLimit"] = "20",
        ["RateLimiting__Search__PermitLimit"] = "1000000",
        ["Uploads__Path"] = Path.Combine(folder, "uploads"),
    };
}
