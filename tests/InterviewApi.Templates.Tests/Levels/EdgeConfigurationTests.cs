using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using InterviewApi.Templates.Tests.Harness;

namespace InterviewApi.Templates.Tests.Levels;

/// <summary>The real nginx reads every distinct configuration, and answers by itself where no instance does.</summary>
[Trait("Level", "Edge")]
public sealed class EdgeConfigurationTests
{
    [Fact]
    public async Task Nginx_accepts_every_rendering_without_a_warning()
    {
        Requires.Nginx();
        Requires.Servers();
        var table = await Suite.RenderedAsync();
        var projects = table.DistinctProjects("nginx/");
        Assert.True(projects.Count >= 16, $"There are only {projects.Count} renderings.");

        foreach (var number in projects)
        {
            var site = await NginxSite.CreateAsync(table.Project(number), FreePort.Next());
            var result = (await site.RunAsync("-t")).EnsureSucceeded();

            Assert.Contains("test is successful", result.Output, StringComparison.Ordinal);

            // Newer ones want another spelling, as the file says.
            Assert.DoesNotContain(
                result.Output.Split('\n'),
                line =>
                    line.Contains('[', StringComparison.Ordinal)
                    && !line.Contains("\"listen ... http2\" directive is deprecated", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Without_an_instance_every_answer_is_a_problem_with_all_headers()
    {
        Requires.Nginx();
        Requires.Servers();
        var table = await Suite.RenderedAsync();
        await using var nginx = await NginxServer.StartAsync(
            await NginxSite.CreateAsync(table.Project(0), FreePort.Next(), FreePort.Next()));
        using var client = nginx.NewClient();

        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.BadGateway, await client.GetAsync("/api/v1/products"));
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.BadGateway, await client.PostAsync("/api/v1/products", null));
        await EdgeAssert.IsRefusedByNginxAsync(
            HttpStatusCode.MethodNotAllowed, await client.SendAsync(new HttpRequestMessage(HttpMethod.Trace, "/")));
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.NotFound, await client.GetAsync("/edge-problem"));
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.RequestUriTooLong, await client.GetAsync("/" + new string('a', 9000)));
        await EdgeAssert.IsRefusedByNginxAsync(
            HttpStatusCode.RequestEntityTooLarge,
            await client.PostAsync("/api/v1/products", new ByteArrayContent(new byte[(1024 * 1024) + 1])));

        var tooLong = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Long", new string('a', 9000) } } };
        await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.RequestHeaderFieldsTooLarge, await client.SendAsync(tooLong));
    }

    [Fact]
    public async Task The_health_of_nginx_needs_neither_TLS_nor_an_instance()
    {
        Requires.Nginx();
        Requires.Servers();
        var table = await Suite.RenderedAsync();
        await using var nginx = await NginxServer.StartAsync(await NginxSite.CreateAsync(table.Project(0), FreePort.Next()));
        using var client = nginx.NewClient();

        var health = await client.GetAsync(new Uri(nginx.PlainAddress, "/health/edge"));

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        EdgeAssert.HasTheHeadersOfEveryResponse(health);
    }

    // As in the API: whoever has one IPv6 address has 2^64 of them.
    [Fact]
    public async Task An_IPv6_network_is_one_client()
    {
        Requires.Nginx();
        Requires.Servers();
        var table = await Suite.RenderedAsync();
        var site = await NginxSite.CreateAsync(table.Project(0), FreePort.Next());
        await site.ReplaceAsync(
            "nginx.conf",
            text =>
                text.Replace("http {", "http {\nset_real_ip_from 127.0.0.0/8;\nreal_ip_header X-Test-Address;", StringComparison.Ordinal));
        await using var nginx = await NginxServer.StartAsync(site);
        using var client = nginx.NewClient();

        Assert.Contains(HttpStatusCode.TooManyRequests, await LoginsAsync(client, number => $"2001:db8:a0a:a0a:{number:x}:0a0a:0:0a0a"));
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, await LoginsAsync(client, number => $"2001:db8:0:{number:x}::1"));
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, await LoginsAsync(client, number => $"192.0.2.{number}"));
    }

    // The instances are servers of nginx too, whose headers fit in no buffer.
    [Fact]
    public async Task An_answer_that_is_too_large_takes_no_instance_out()
    {
        Requires.Nginx();
        Requires.Servers();
        var table = await Suite.RenderedAsync();
        int[] instances = [FreePort.Next(), FreePort.Next()];
        var site = await NginxSite.CreateAsync(table.Project(0), instances);
        var large = string.Concat(Enumerable.Repeat("$part", 100));
        await site.ReplaceAsync("site.conf", text => text + string.Concat(instances.Select(port =>
            $"server {{ listen 127.0.0.1:{port}; set $part {new string('x', 1000)}; location / {{ return 204; }} location /large {{ add_header X-Large {large}; return 204; }} }}\n")));
        await using var nginx = await NginxServer.StartAsync(site);
        using var client = nginx.NewClient();

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync("/large")).StatusCode);
            Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync("/")).StatusCode);
        }
    }

    // What the container network does: the name of the service stands for another address.
    [Fact]
    public async Task An_instance_that_returns_under_another_address_is_found_again()
    {
        Requires.ResolvingNginx();
        var table = await Suite.RenderedAsync();
        using var names = new NameServer(IPAddress.Parse("127.0.0.2"));
        var site = await NginxSite.CreateAsync(table.Project(Suite.Template.Space.FirstWith(("docker", "true"), ("nginx", "true")).Number));
        var port = FreePort.Next();
        await site.ReplaceAsync("site.conf", text => text
            .Replace("127.0.0.11", $"127.0.0.1:{names.Port}", StringComparison.Ordinal)
            .Replace("upstream api {", $"upstream api {{ server api:{port} resolve max_fails=0;", StringComparison.Ordinal)
            + string.Concat(((int[])[2, 3]).Select(number => $"server {{ listen 127.0.0.{number}:{port}; return 200 {number}; }}\n")));
        await using var nginx = await NginxServer.StartAsync(site);
        using var client = nginx.NewClient();

        // Before the first answer of the name server, nginx knows no instance.
        await Eventually.HoldsAsync("the instance is found", async () => await TextAsync() == "2");
        names.Address = IPAddress.Parse("127.0.0.3");
        await Eventually.HoldsAsync("the instance is found again", async () => await TextAsync() == "3");

        async Task<string> TextAsync() => await (await client.GetAsync("/")).Content.ReadAsStringAsync();
    }

    // Also where the nginx of this machine is too old to show it.
    [Fact]
    public async Task A_server_that_is_named_is_resolved_again_and_again()
    {
        var sites = await WrittenRenderings.WriteAsync("named", path => path == "nginx/site.conf");
        var named = sites.Select(File.ReadAllText).Where(
            site => Regex.IsMatch(site, @"^\s*server [a-z]\S*:\d+", RegexOptions.Multiline)).ToArray();
        Assert.NotEmpty(named);

        Assert.All(named, site =>
        {
            Assert.Matches(@"(?m)^resolver \S+ valid=\d+s", site);
            Assert.Matches(@"upstream api \{[^}]*\n    zone api \d+k;", site);
            Assert.All(
                Regex.Matches(site, @"(?m)^\s*server [a-z]\S*:\d+.*$"),
                server => Assert.Contains(" resolve ", server.Value, StringComparison.Ordinal));
        });
    }

    // A body that the API takes is not refused before it gets there, and none that the API refuses goes much further.
    [Theory]
    [InlineData("image", "MaxBytes", 16 * 1024)]
    [InlineData("attachments", "MaxRequestBytes", 0)]
    public async Task A_location_for_files_has_the_limit_of_the_API(string path, string setting, long headers)
    {
        var files = (await Suite.RenderedAsync()).Files;
        var options = Text("src/Acme.Shop/Dependencies/UploadDependencies.cs");
        var limit = Regex.Match(options, $@"int {setting} {{ get; set; }} = (\d+) \* 1024 \* 1024;").Groups[1].Value;
        var locations = files["nginx/site.conf"].Contents.Select(Encoding.UTF8.GetString)
            .Select(site => Regex.Match(site, $@"/products/\[0-9\]\+/{path}/\?\$ \{{\n\s+client_max_body_size (\d+)([km]);"))
            .Where(location => location.Success)
            .ToArray();

        Assert.NotEmpty(locations);
        Assert.All(locations, location => Assert.Equal(
            (Number(limit) * 1024 * 1024) + headers,
            Number(location.Groups[1].Value) * (location.Groups[2].Value == "m" ? 1024 * 1024 : 1024)));

        string Text(string file) => Encoding.UTF8.GetString(files[file].Contents[0]);
        static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Only_known_names_are_redirected()
    {
        Requires.Nginx();
        Requires.Servers();
        var table = await Suite.RenderedAsync();
        await using var nginx = await NginxServer.StartAsync(await NginxSite.CreateAsync(table.Project(0), FreePort.Next()));
        using var client = nginx.NewClient();

        foreach (var host in (string[])["elsewhere.example", "localhost.elsewhere.example", "127.0.0.1"])
        {
            using var refused = new HttpRequestMessage(HttpMethod.Get, nginx.PlainAddress) { Headers = { Host = host } };
            await EdgeAssert.IsRefusedByNginxAsync(HttpStatusCode.BadRequest, await client.SendAsync(refused));
        }

        Assert.Equal(HttpStatusCode.PermanentRedirect, (await client.GetAsync(nginx.PlainAddress)).StatusCode);
    }

    [Fact]
    public async Task Only_its_owner_reads_the_key()
    {
        Requires.Nginx();
        Requires.Servers();
        var table = await Suite.RenderedAsync();
        var site = await NginxSite.CreateAsync(table.Project(0), FreePort.Next());

        var keys = (await Cli.RunAsync("find", site.Folder, TimeSpan.FromMinutes(1), [site.Folder, "-name", "tls.key", "-perm", "600"]))
            .EnsureSucceeded();
        Assert.NotEqual("", keys.Output);
    }

    private static async Task<HttpStatusCode[]> LoginsAsync(HttpClient client, Func<int, string> address) =>
        await Task.WhenAll(Enumerable.Range(1, 200).Select(async number =>
        {
            using var login = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/token")
            {
                Headers = { { "X-Test-Address", address(number) } },
            };
            using var answer = await client.SendAsync(login);
            return answer.StatusCode;
        }));
}
