using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A page in a headless Chromium, driven by JavaScript over the DevTools protocol.</summary>
internal sealed partial class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly ServerProcess _process;
    private readonly ClientWebSocket _socket = new();
    private int _messages;
    private string? _session;

    private Browser(ServerProcess process) => _process = process;

    /// <summary>Why no page can be opened on this machine, or null.</summary>
    public static string? Missing => Program is null ? "no Chromium and no Chrome is installed" : null;

    private static string? Program => Names.FirstOrDefault(Requires.IsOnPath);

    public static async Task<Browser> OpenAsync(Uri address)
    {
        var folder = new TemporaryFolder("browser").Path;
        string[] arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0",
            $"--user-data-dir={folder}", "about:blank"];
        var browser = new Browser(ServerProcess.Start(Program!, folder, arguments));
        await Eventually.HoldsAsync("the browser listens", () => Endpoint().IsMatch(browser._process.Log));
        await browser._socket.ConnectAsync(new Uri(Endpoint().Match(browser._process.Log).Groups[1].Value), default);
        var target = await browser.SendAsync("Target.createTarget", new { url = address });
        var session = await browser.SendAsync(
            "Target.attachToTarget", new { targetId = target.GetProperty("targetId").GetString(), flatten = true });
        browser._session = session.GetProperty("sessionId").GetString();
        return browser;
    }

    /// <summary>Clicks what a CSS selector finds, as soon as it is there.</summary>
    public Task ClickAsync(string selector) => HoldsAsync(
        selector, $"(e => e && !e.disabled && (e.click(), true))(document.querySelector({Text(selector)}))");

    /// <summary>Writes into a field, as soon as it is there.</summary>
    public Task WriteAsync(string selector, string value) => HoldsAsync(
        selector,
        $$"""
        (e => e && (Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(e, {{Text(value)}}),
            e.dispatchEvent(new Event('input', { bubbles: true }))))(document.querySelector({{Text(selector)}}))
        """);

    /// <summary>Waits for a text in what a CSS selector finds.</summary>
    public Task ShowsAsync(string selector, string text) => HoldsAsync(
        $"{text} in {selector}", $"[...document.querySelectorAll({Text(selector)})].some(e => e.innerText.includes({Text(text)}))");

    /// <summary>Waits until an expression is true in the page.</summary>
    public Task HoldsAsync(string what, string expression) =>
        Eventually.HoldsAsync($"the page has {what}", async () => await EvaluateAsync($"Boolean({expression})") == "True");

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _process.DisposeAsync();
    }

    /// <summary>Evaluates an expression in the page, as if the user had caused it.</summary>
    private async Task<string> EvaluateAsync(string expression)
    {
        var result = await SendAsync("Runtime.evaluate", new { expression, userGesture = true, awaitPromise = true });
        return result.GetProperty("result").TryGetProperty("value", out var value) ? value.ToString() : "";
    }

    private async Task<JsonElement> SendAsync(string method, object parameters)
    {
        var id = ++_messages;
        var message = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = JsonSerializer.SerializeToNode(parameters),
        };
        if (_session is not null)
        {
            message["sessionId"] = _session;
        }

        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, default);
        while (true)
        {
            var answer = await ReceiveAsync();
            if (answer.TryGetProperty("id", out var number) && number.GetInt32() == id)
            {
                return answer.GetProperty("result");
            }
        }
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        using var buffer = new MemoryStream();
        var part = new byte[64 * 1024];
        WebSocketReceiveResult result;
        do
        {
            result = await _socket.ReceiveAsync(part, default);
            buffer.Write(part, 0, result.Count);
        }
        while (!result.EndOfMessage);
        return JsonDocument.Parse(buffer.ToArray()).RootElement;
    }

    private static string Text(string value) => JsonSerializer.Serialize(value);

    [GeneratedRegex(@"DevTools listening on (ws://\S+)")]
    private static partial Regex Endpoint();
}
