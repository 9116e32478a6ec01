using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using InterviewApi.Templates.Tests.Harness;
using Microsoft.Data.Sqlite;

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
            ("AllowedHosts", ""),
            ("Cors__AllowedOrigins__0", "example.com"),
            ("ApiVersions__V1__SunsetAt", "later"));

        result.EnsureFailed();
        var lines = result.Output.Trim().Split('\n');
        Assert.Equal(5, lines.Length);
        foreach (var setting in new[
            ] { "ConnectionStrings__Database", "Docs__Enabled", "AllowedHosts", "Cors__AllowedOrigins", "ApiVersions__V1__SunsetAt" })
        {
            Assert.Single(lines, line => line.StartsWith($"Configuration error: {setting}: ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Configuration error: Logging__LogLevel__Default: 'Loud'", "Logging__LogLevel__Default", "Loud")]
    [InlineData("Configuration error: Logging__Console__LogLevel__System: 'Quiet'", "Logging__Console__LogLevel__System", "Quiet")]
    public async Task A_log_level_that_does_not_exist_stops_the_start_with_one_line(string line, string setting, string value)
    {
        AssertOneLine(await RunAsync([], (setting, value)), line);
    }

    [Fact]
    public async Task A_settings_file_that_is_not_JSON_stops_the_start_with_one_line()
    {
        var file = Path.Combine(Path.GetDirectoryName(await Application.Value)!, "appsettings.Broken.json");
        await File.WriteAllTextAsync(file, "{\n  \"AllowedHosts\": \n}");

        var result = await RunAsync([], ("ASPNETCORE_ENVIRONMENT", "Broken"));

        AssertOneLine(result, $"Configuration error: Failed to load configuration from file '{file}'. ");
        Assert.Contains("LineNumber: 2", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_ends_with_0_and_leaves_the_write_ahead_log_on()
    {
        var folder = new TemporaryFolder("migrate");
        var file = Path.Combine(folder.Path, "new.db");

        (await RunAsync(["migrate"], ("ConnectionStrings__Database", $"Data Source={file}"))).EnsureSucceeded();

        // The version numbers of the file format, at these two bytes, are 2 with a write-ahead log.
        Assert.Equal([2, 2], (await File.ReadAllBytesAsync(file))[18..20]);
    }

    [Fact]
    public async Task Migrate_lists_scripts_and_goes_to_a_migration()
    {
        var folder = new TemporaryFolder("verbs");
        var database = ("ConnectionStrings__Database", $"Data Source={Path.Combine(folder.Path, "verbs.db")}");

        Assert.Contains(
            "_CreateProducts (pending)", (await RunAsync(["migrate", "list"], database)).EnsureSucceeded().Output,
            StringComparison.Ordinal);
        var script = await RunAsync(["migrate", "script"], database);
        Assert.Contains("CREATE TABLE \"Products\"", script.EnsureSucceeded().Output, StringComparison.Ordinal);

        (await RunAsync(["migrate"], database)).EnsureSucceeded();
        Assert.DoesNotContain(
            "(pending)", (await RunAsync(["migrate", "list"], database)).EnsureSucceeded().Output, StringComparison.Ordinal);
        (await RunAsync(["migrate", "to", "0"], database)).EnsureSucceeded();
        Assert.Contains(
            "_CreateProducts (pending)", (await RunAsync(["migrate", "list"], database)).EnsureSucceeded().Output,
            StringComparison.Ordinal);

        foreach (var (verb, reason)
            in new[] { (new[] { "migrate", "to", "Nowhere" }, "'Nowhere'"), (["migrate", "nonsense"], "migrate to NAME") })
        {
            var failed = (await RunAsync(verb, database)).EnsureFailed();
            Assert.Contains(reason, failed.Output.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", failed.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Data Source=:memory:", "in memory")]
    [InlineData("Data Source=shop;Mode=Memory;Cache=Shared", "in memory")]
    [InlineData("Data Source=/no/such/folder/shop.db", "'/no/such/folder' does not exist")]
    [InlineData("Data Source=/", "'/' is a folder")]
    [InlineData("Data Source=/proc/shop.db", "SQLite Error 14: 'unable to open database file'")]
    public async Task A_database_that_cannot_be_opened_stops_the_start_with_one_line(string database, string reason)
    {
        foreach (var (arguments, environment) in new[] { (new[] { "migrate" }, "Production"), ([], "Development") })
        {
            var result = await RunAsync(arguments, ("ConnectionStrings__Database", database), ("ASPNETCORE_ENVIRONMENT", environment));

            result.EnsureFailed();
            Assert.Contains(
                reason, Assert.Single(result.Output.Trim().Split('\n')).Replace("\\u0027", "'", StringComparison.Ordinal),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_migration_lock_that_nobody_releases_ends_with_the_remedy()
    {
        var folder = new TemporaryFolder("lock");
        var database = ("ConnectionStrings__Database", $"Data Source={await LockedDatabaseAsync(folder)}");
        foreach (var (arguments, environment) in new[] { (new[] { "migrate" }, "Production"), ([], "Development") })
        {
            var result = await RunAsync(
                arguments, database, ("ASPNETCORE_ENVIRONMENT", environment), ("Sqlite__MigrationLockSeconds", "2"));

            result.EnsureFailed();
            Assert.Contains("DELETE FROM", result.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_wait_for_the_migration_lock_can_be_interrupted(string signal)
    {
        var folder = new TemporaryFolder($"interrupt-{signal}");

        // A job in the background of a script ignores SIGINT, and so would what it starts.
        string[] command = [
            "--default-signal=INT", "dotnet", await Application.Value, "migrate", "--contentRoot",
            Path.GetDirectoryName(await Application.Value)!];
        await using var migrate = ServerProcess.Start("env", folder.Path, command, new Dictionary<string, string>
        {
            ["ConnectionStrings__Database"] = $"Data Source={await LockedDatabaseAsync(folder)}",
            ["Sqlite__MigrationLockSeconds"] = "600",
        });
        await migrate.WaitUntilAsync(() => Task.FromResult(migrate.Log.Contains("exclusive lock", StringComparison.Ordinal)));

        migrate.Signal(signal);

        Assert.Equal(1, await migrate.WaitForExitAsync());
        Assert.Contains("The process received a stop signal.", migrate.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_does_not_hide_another_one_of_the_same_section()
    {
        var result = await RunAsync(
            [],
            ("Server__RequestTimeoutSeconds", "soon"),
            ("Server__ShutdownDelaySeconds", "-1"),
            ("ASPNETCORE_HTTP_PORTS", "eighty"));

        result.EnsureFailed();
        foreach (var setting in new[] { "Server__RequestTimeoutSeconds", "Server__ShutdownDelaySeconds", "ASPNETCORE_HTTP_PORTS" })
        {
            Assert.Single(
                result.Output.Trim().Split('\n'), line => line.StartsWith($"Configuration error: {setting}: ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("nonsense", "Configuration error: ASPNETCORE_URLS: 'nonsense'")]
    [InlineData("http://127.0.0.1:99999", "Startup error: ")]
    [InlineData("http://unknown-host:5000", "Configuration error: ASPNETCORE_URLS: ")]
    [InlineData("ftp://127.0.0.1:5000", "Startup error: ")]
    [InlineData("http://192.0.2.1:5000", "Startup error: ")]
    [InlineData("https://127.0.0.1:0", "Startup error: ", "Kestrel__Certificates__Default__Path", "missing.pfx")]
    [InlineData("https://127.0.0.1:0", "Startup error: ", "Kestrel__Certificates__Default__Path", "appsettings.json")]
    public async Task An_address_or_a_certificate_that_cannot_be_used_stops_the_start_with_one_line(
        string address, string line, string setting = "Docs__Enabled", string value = "false")
    {
        AssertOneLine(await StartAndFailAsync(address, (setting, value)), line);
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_with_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        AssertOneLine(
            await StartAndFailAsync(address), $"Startup error: the server cannot listen on {address}: ");
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/null/uploads")]
    [InlineData("/proc/uploads")]
    public async Task A_folder_of_uploads_that_cannot_be_written_stops_the_start_with_one_line(string path)
    {
        AssertOneLine(await StartAndFailAsync("http://127.0.0.1:0", ("Uploads__Path", path)), "Configuration error: Uploads__Path: ");
    }

    [Fact]
    public async Task The_settings_files_apply_wherever_the_process_is_started_and_are_not_watched()
    {
        await using var api = await StartedApi.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await api.GetAsync("/api/v1/products", host: "evil.example"));
        Assert.Equal(HttpStatusCode.OK, await api.GetAsync("/api/v1/products", host: "localhost"));
        var handles = Directory.EnumerateFiles($"/proc/{api.Process.Id}/fd").Select(handle => new FileInfo(handle).LinkTarget);
        Assert.DoesNotContain(handles, target => target?.Contains("inotify", StringComparison.Ordinal) == true);
    }

    // As where other processes of the user have taken all of them. A user namespace has a limit of its own.
    [Fact]
    public async Task The_process_starts_where_no_file_can_be_watched()
    {
        string[] none = ["--user", "--map-root-user", "sh", "-c", "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$@\"", "sh"];
        var allowed = await IsAllowedAsync("unshare", [.. none, "true"]);
        Assert.SkipUnless(allowed, "This system has no user namespaces.");

        await using var api = await StartedApi.StartAsync(["unshare", .. none], ("ASPNETCORE_ENVIRONMENT", "Production"));

        Assert.Equal(HttpStatusCode.OK, await api.GetAsync("/api/v1/products"));
    }

    // What the kernel is asked for: no test can turn the power off.
    [Fact]
    public async Task An_image_is_on_the_disk_before_it_has_its_name()
    {
        var calls = Path.Combine(new TemporaryFolder("calls").Path, "calls");
        string[] trace = ["-f", "-y", "--seccomp-bpf", "-e", "trace=fsync,fdatasync,rename", "-o", calls];
        var allowed = await IsAllowedAsync("strace", [.. trace, "true"]);
        Assert.SkipUnless(allowed, "strace is not installed or not allowed (Debian: apt-get install strace)");
        await using var api = await StartedApi.StartAsync(["strace", .. trace]);
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), "file", "cup.png" },
        };

        await api.PutAsync($"{await api.CreateProductAsync()}/image", form);

        Assert.Matches(@"(?s)f(data)?sync\(\d+<[^>]*\.part>\).*rename\([^)]*\.part[^)]*\.png", await File.ReadAllTextAsync(calls));
    }

    [Fact]
    public async Task A_probe_may_use_the_address_as_its_host()
    {
        await using var api = await StartedApi.StartAsync(("AllowedHosts", "shop.example"));

        Assert.Equal(HttpStatusCode.OK, await api.GetAsync("/health/live", host: "10.1.2.3:8080"));
        Assert.Equal(HttpStatusCode.OK, await api.GetAsync("/health/ready", host: "10.1.2.3:8080"));
        Assert.Equal(HttpStatusCode.BadRequest, await api.GetAsync("/api/v1/products", host: "10.1.2.3:8080"));
    }

    [Fact]
    public async Task Fifty_requests_in_flight_at_SIGTERM_are_all_answered()
    {
        const int requests = 50;
        await using var api = await StartedApi.StartAsync(("Server__ShutdownDelaySeconds", "0"));
        var location = await api.CreateProductAsync();
        const string body = """{"name":"Cup","price":1,"category":"kitchen"}""";
        var clients = await Task.WhenAll(Enumerable.Range(0, requests).Select(async number =>
        {
            var client = new TcpClient("127.0.0.1", api.Port);
            var (request, type, content) = (number % 3) switch
            {
                0 => ("POST /api/v1/products", "application/json", body),
                1 => ($"PATCH {location}", "application/merge-patch+json", """{"category":"table"}"""),
                _ => ("POST /api/v2/products", "application/json", body.Replace("1", """{"amount":"1.00","currency":"USD"}""", StringComparison.Ordinal)),
            };

            // Every other body comes in chunks.
            var isChunked = number % 2 == 1;
            var head = $"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n"
                + (isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {content.Length}\r\n\r\n");
            var (first, rest) = isChunked
                ? ($"5\r\n{content[..5]}\r\n", $"{content.Length - 5:x}\r\n{content[5..]}\r\n0\r\n\r\n")
                : (content[..5], content[5..]);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + first));
            return (Client: client, Remainder: rest);
        }));
        await Eventually.HoldsAsync("the requests are in flight", () => api.CountConnections() >= requests);
        await Task.Delay(TimeSpan.FromSeconds(1));

        // On a busy machine, a probe of the start may have failed before.
        var logged = api.Process.Log.Length;
        api.Process.Terminate();
        await Eventually.HoldsAsync("the listener is closed", async () => !await ServerProcess.AcceptsAsync(api.Port));
        await Task.Delay(TimeSpan.FromSeconds(1));
        var answers = await Task.WhenAll(clients.Select(async client =>
        {
            using var _ = client.Client;
            await client.Client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(client.Remainder));
            using var reader = new StreamReader(client.Client.GetStream());
            return await reader.ReadLineAsync();
        }));

        // A patch may lose against another one of the same product, which is an answer too.
        Assert.All(answers, answer => Assert.Matches("^HTTP/1.1 (200|201|409|412) ", answer));
        Assert.Equal(0, await api.Process.WaitForExitAsync());
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", api.Process.Log[logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_SIGTERM_the_instance_is_not_ready_and_still_answers_until_the_delay_is_over()
    {
        await using var api = await StartedApi.StartAsync(("Server__ShutdownDelaySeconds", "300"));
        Assert.Equal(HttpStatusCode.OK, await api.GetAsync("/health/ready"));

        api.Process.Terminate();
        await Eventually.HoldsAsync("the instance is not ready", async () =>
            await api.GetAsync("/health/ready") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await api.GetAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, await api.GetAsync("/api/v1/products"));

        // The second signal does not wait.
        api.Process.Terminate();
        Assert.Equal(0, await api.Process.WaitForExitAsync());
    }

    [Fact]
    public async Task A_client_that_disconnects_is_no_error()
    {
        await using var api = await StartedApi.StartAsync(("Server__ShutdownDelaySeconds", "0"));
        string[] requests =
        [
            "POST /api/v1/products HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
            "POST /api/v1/products HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
            "GET /api/v1/products HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/products/export HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET /api/v1/prod",
        ];

        // On a busy machine, a probe of the start may have failed before.
        var logged = api.Process.Log.Length;
        foreach (var request in requests)
        {
            using var client = new TcpClient("127.0.0.1", api.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
            await Task.Delay(TimeSpan.FromMilliseconds(200));

            // A reset, not an orderly end.
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        api.Process.Terminate();
        Assert.Equal(0, await api.Process.WaitForExitAsync());
        Assert.DoesNotContain("\"LogLevel\":\"Error\"", api.Process.Log[logged..], StringComparison.Ordinal);
        Assert.DoesNotContain("\"LogLevel\":\"Critical\"", api.Process.Log[logged..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_waits_for_a_locked_table_is_canceled_when_its_time_is_over()
    {
        Requires.Servers();
        var database = await PostgresDatabase.CreateAsync();
        await using var api = await ServerInstance.StartAsync(
            await ServerApplication.OnPostgresAsync(),
            ("ConnectionStrings__Database", database.ConnectionString),
            ("Server__RequestTimeoutSeconds", "1"));

        var locked = database.ExecuteAsync("""BEGIN; LOCK TABLE "Products"; SELECT pg_sleep(10); COMMIT""");
        await Eventually.HoldsAsync("a request is refused in time", async () =>
        {
            using var response = await api.Client.GetAsync("/api/v1/products?limit=1");
            if (response.IsSuccessStatusCode)
            {
                return false;
            }

            Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            return true;
        });
        Assert.False(locked.IsCompleted);
        Assert.DoesNotContain("Exception", api.Log, StringComparison.Ordinal);

        await locked;
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/api/v1/products?limit=1")).StatusCode);
    }

    [Fact]
    public async Task What_the_client_paces_may_take_longer()
    {
        await using var api = await StartedApi.StartAsync(("Server__RequestTimeoutSeconds", "2"));
        var location = await api.CreateProductAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{api.Port}/ws"), CancellationToken.None);
        using var client = new TcpClient("127.0.0.1", api.Port);
        await using var stream = client.GetStream();
        byte[] image =
        [
            .. "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cup.png\"\r\n\r\n"u8,
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A,
            .. "\r\n--b--\r\n"u8,
        ];
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT {location}/image HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {image.Length}\r\n\r\n"));
        await stream.WriteAsync(image.AsMemory(0, 20));
        await Task.Delay(TimeSpan.FromSeconds(4));
        await stream.WriteAsync(image.AsMemory(20));

        using var reader = new StreamReader(stream);
        Assert.Matches("^HTTP/1.1 (201|204) ", await reader.ReadLineAsync());
        await socket.SendAsync("""{"action":"ping"}"""u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var received = await socket.ReceiveAsync(new byte[100].AsMemory(), CancellationToken.None);
        Assert.Equal(WebSocketMessageType.Text, received.MessageType);
    }

    private static void AssertOneLine(CommandResult result, string begin)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(begin, Assert.Single(result.Output.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<CommandResult> StartAndFailAsync(string address, params (string Name, string Value)[] settings)
    {
        var folder = await MigratedFolderAsync();
        return await Cli.DotnetAsync(
            folder, TimeSpan.FromMinutes(1), [await Application.Value, "--urls", address], Settings(folder, settings));
    }

    private static async Task<bool> IsAllowedAsync(string program, string[] arguments) =>
        Requires.IsOnPath(program) && (await Cli.RunAsync(program, Path.GetTempPath(), TimeSpan.FromMinutes(1), arguments)).ExitCode == 0;

    private static async Task<string> MigratedFolderAsync()
    {
        var folder = new TemporaryFolder($"start-{Guid.NewGuid():N}").Path;
        (await RunAsync(["migrate"], ("ConnectionStrings__Database", DatabaseIn(folder)))).EnsureSucceeded();
        return folder;
    }

    private static string DatabaseIn(string folder) => $"Data Source={Path.Combine(folder, "shop.db")}";

    private static Dictionary<string, string> Settings(string folder, params (string Name, string Value)[] settings) =>
        settings.Append(("ConnectionStrings__Database", DatabaseIn(folder)))
            .Append(("Logging__LogLevel__Default", "Warning"))
            .Append(("RateLimiting__PermitLimit", "1000000"))
            .ToDictionary(setting => setting.Item1, setting => setting.Item2);

    private static async Task<CommandResult> RunAsync(string[] arguments, params (string Name, string Value)[] settings) =>
        await Cli.DotnetAsync(
            Path.GetTempPath(),
            TimeSpan.FromMinutes(1),
            [
                await Application.Value, .. arguments, "--urls",
                string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}")],
            settings.ToDictionary(setting => setting.Name, setting => setting.Value));

    // As a process leaves it that was killed while it migrated.
    private static async Task<string> LockedDatabaseAsync(TemporaryFolder folder)
    {
        var file = Path.Combine(folder.Path, "shop.db");
        (await RunAsync(["migrate"], ("ConnectionStrings__Database", $"Data Source={file}"))).EnsureSucceeded();
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var insert = new SqliteCommand("INSERT INTO __EFMigrationsLock VALUES (1, '2030-01-01')", connection);
        await insert.ExecuteNonQueryAsync();
        return file;
    }

    // Without accounts, so that a product can be written without a token; all other options have their defaults.
    private static async Task<string> BuildAsync()
    {
        var combination = Suite.Template.Space.All().First(combination => combination.Value("auth") is null or "none");
        var project = await (await TemplateHive.InstalledAsync()).GenerateAsync("Acme.Shop", combination);
        var source = Path.Combine(project.Folder, "src", project.Name);
        (await project.DotnetAsync(Patience, null, "build", source, "--disable-build-servers")).EnsureSucceeded();
        return Directory.EnumerateFiles(Path.Combine(source, "bin"), $"{project.Name}.dll", SearchOption.AllDirectories).Single();
    }

    /// <summary>A process in Production, started from a folder that is not its own.</summary>
    private sealed class StartedApi(ServerProcess process, int port) : IAsyncDisposable
    {
        private readonly HttpClient _client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        public ServerProcess Process => process;

        public int Port => port;

        public static Task<StartedApi> StartAsync(params (string Name, string Value)[] settings) => StartAsync([], settings);

        /// <summary>Starts it by a program, such as one that limits what it may do.</summary>
        public static async Task<StartedApi> StartAsync(string[] program, params (string Name, string Value)[] settings)
        {
            var folder = await MigratedFolderAsync();
            var port = FreePort.Next();
            string[] command = [.. program, "dotnet", await Application.Value, "--urls", $"http://127.0.0.1:{port}"];
            var api = new StartedApi(ServerProcess.Start(command[0], folder, command[1..], Settings(folder, settings)), port);
            await api.Process.WaitUntilSucceedsAsync(api._client, "/health/ready");
            return api;
        }

        public async Task<HttpStatusCode> GetAsync(string path, string host = "localhost")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
            using var response = await _client.SendAsync(request);
            return response.StatusCode;
        }

        public async Task<string> CreateProductAsync()
        {
            using var response = await _client.PostAsJsonAsync("/api/v1/products", new { name = "Cup", price = 1, category = "kitchen" });
            return response.EnsureSuccessStatusCode().Headers.Location!.ToString();
        }

        public async Task PutAsync(string path, HttpContent content)
        {
            using var response = await _client.PutAsync(path, content);
            response.EnsureSuccessStatusCode();
        }

        public int CountConnections() => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections()
            .Count(connection => connection.LocalEndPoint.Port == port && connection.State is TcpState.Established);

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await process.DisposeAsync();
        }
    }
}
