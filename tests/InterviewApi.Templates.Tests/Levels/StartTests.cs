using System.Globalization;
using System.Net.Sockets;
using System.Text;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>How a generated API starts and stops as a process: what only a real process shows.</summary>
[Trait("Level", "Run")]
public sealed class StartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly Lazy<Task<string>> Application = new(BuildAsync);

    [Fact]
    public async Task Each_wrong_setting_stops_the_start_with_one_line()
    {
        var result = await RunAsync(
            [],
            ("ConnectionStrings__Database", "nonsense"),
            ("Docs__Enabled", "perhaps"),
            ("Cors__AllowedOrigins__0", "example.com"),
            ("ApiVersions__V1__SunsetAt", "later"));

        result.EnsureFailed();
        var lines = result.Output.Trim().Split('\n');
        Assert.Equal(4, lines.Length);
        foreach (var setting in new[] { "ConnectionStrings__Database", "Docs__Enabled", "Cors__AllowedOrigins", "ApiVersions__V1__SunsetAt" })
        {
            Assert.Single(lines, line => line.StartsWith($"Configuration error: {setting}: ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Migrate_ends_with_0_or_says_why_not()
    {
        var folder = new TemporaryFolder("migrate");
        (await RunAsync(["migrate"], ("ConnectionStrings__Database", $"Data Source={Path.Combine(folder.Path, "new.db")}"))).EnsureSucceeded();
        Assert.True(File.Exists(Path.Combine(folder.Path, "new.db")));

        var failed = await RunAsync(["migrate"], ("ConnectionStrings__Database", $"Data Source={Path.Combine(folder.Path, "missing", "new.db")}"));

        failed.EnsureFailed();
        Assert.Contains("The migrations could not be applied", failed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_has_begun_is_answered_although_the_process_is_told_to_stop()
    {
        var folder = new TemporaryFolder("stop");
        var port = FreePort.Next();
        string[] arguments = [await Application.Value, "--urls", $"http://127.0.0.1:{port}"];
        await using var api = ServerProcess.Start("dotnet", folder.Path, arguments, new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Database"] = $"Data Source={Path.Combine(folder.Path, "stop.db")}",
        });
        await api.WaitUntilAsync(() => ServerProcess.AcceptsAsync(port));
        const string body = """{"name":"Cup","price":1,"category":"kitchen"}""";
        using var client = new TcpClient("127.0.0.1", port);
        await using var stream = client.GetStream();

        var head = $"POST /api/v1/products HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body[..10]));
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        api.Terminate();
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(body[10..]));

        // Made, or refused in a way that tells the client to send it again, as the body was not there in time.
        using var reader = new StreamReader(stream);
        Assert.Matches("^HTTP/1.1 (201|503) ", await reader.ReadLineAsync());
        Assert.Equal(0, await api.WaitForExitAsync());
    }

    private static async Task<CommandResult> RunAsync(string[] arguments, params (string Name, string Value)[] settings) =>
        await Cli.DotnetAsync(
            Path.GetTempPath(),
            TimeSpan.FromMinutes(1),
            [await Application.Value, .. arguments, "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}")],
            settings.ToDictionary(setting => setting.Name, setting => setting.Value));

    // Without accounts, so that a product can be written without a token; all other options have their defaults.
    private static async Task<string> BuildAsync()
    {
        var combination = Suite.Template.Space.All().First(combination => combination.Value("auth") is null or "none");
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync("Acme.Shop", combination);
        var source = Path.Combine(project.Folder, "src", project.Name);
        (await project.DotnetAsync(Patience, null, "build", source, "--disable-build-servers")).EnsureSucceeded();
        return Directory.EnumerateFiles(Path.Combine(source, "bin"), $"{project.Name}.dll", SearchOption.AllDirectories).Single();
    }
}
