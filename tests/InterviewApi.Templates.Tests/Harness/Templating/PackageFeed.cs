using System.Net;
using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A NuGet feed on the loopback interface that has no package, and an advisory for each package that it is told of.</summary>
internal sealed class PackageFeed : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, object> _documents;

    /// <param name="advisories">Severities from 0 (low) to 3 (critical), by the id of the package.</param>
    public PackageFeed(IReadOnlyDictionary<string, int> advisories)
    {
        var root = $"http://127.0.0.1:{FreePort.Next()}/";
        Index = root + "index.json";
        _documents = new()
        {
            ["/index.json"] = new Dictionary<string, object>
            {
                ["version"] = "3.0.0",
                ["resources"] = new[]
                {
                    Resource(root + "packages/", "PackageBaseAddress/3.0.0"),
                    Resource(root + "advisories.json", "VulnerabilityInfo/6.7.0"),
                },
            },
            ["/advisories.json"] = new[]
            {
                new Dictionary<string, string> { ["@name"] = "base", ["@id"] = root + "base.json", ["@updated"] = "2026-01-01T00:00:00Z" },
            },
            ["/base.json"] = advisories.ToDictionary(
                advisory => advisory.Key.ToLowerInvariant(),
                advisory => new[]
                {
                    new { severity = advisory.Value, url = $"https://advisories.example/{advisory.Value}", versions = "(, 999.0.0)" },
                }),
        };
        _listener.Prefixes.Add(root);
        _listener.Start();
        _ = AnswerAsync();
    }

    public string Index { get; }

    public void Dispose() => _listener.Close();

    private static Dictionary<string, string> Resource(string address, string type) => new() { ["@id"] = address, ["@type"] = type };

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var found = _documents.TryGetValue(context.Request.Url!.AbsolutePath, out var document);
                (context.Response.StatusCode, context.Response.ContentType) = (found ? 200 : 404, "application/json");
                context.Response.Close(found ? JsonSerializer.SerializeToUtf8Bytes(document) : [], willBlock: false);
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The client has gone, or the feed has been closed.
            }
        }
    }
}
