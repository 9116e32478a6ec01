using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// The generated configuration of nginx in a folder of its own, with what is beside nginx.conf replaced, as the generated
/// page about the edge says: free ports, the instances of a test, and a certificate from the project's own script.
/// </summary>
internal sealed partial class NginxSite
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string[] Programs = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx"];

    // Its own folder for them exists only where root has started nginx before.
    private static readonly string[] TemporaryFiles = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

    private NginxSite(string folder) => Folder = folder;

    /// <summary>Why there can be no server on this machine, or null.</summary>
    public static string? Missing => Program is null ? "nginx is not installed (Debian: apt-get install nginx)" : null;

    public string Folder { get; }

    public static string InstalledVersion() => Cli.RunAsync(Program!, Path.GetTempPath(), Patience, ["-v"]).GetAwaiter().GetResult().Output;

    /// <summary>Whether an nginx with this version, as <c>nginx -v</c> prints it, knows the parameter <c>resolve</c>.</summary>
    public static bool ResolvesAgain(string version) => Version.Parse(Number().Match(version).Groups[1].Value) >= new Version(1, 27, 3);

    public int HttpPort { get; } = FreePort.Next();

    public int HttpsPort { get; } = FreePort.Next();

    public string AccessLog => Path.Combine(Folder, "access.log");

    public string ErrorLog => Path.Combine(Folder, "error.log");

    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Folder, "certs", "tls.crt"));

    private static string? Program => Environment.GetEnvironmentVariable("NGINX_PROGRAM") ?? Programs.FirstOrDefault(File.Exists);

    /// <param name="project">The files of a project, of which those in nginx/ are taken.</param>
    /// <param name="instances">The ports of the instances behind it.</param>
    public static async Task<NginxSite> CreateAsync(IEnumerable<(string Path, byte[] Content)> project, params int[] instances)
    {
        var site = new NginxSite(new TemporaryFolder($"nginx-{Guid.NewGuid():N}"[..14]).Path);
        foreach (var (path, content) in project.Where(file => file.Path.StartsWith("nginx/", StringComparison.Ordinal)))
        {
            await File.WriteAllBytesAsync(Path.Combine(site.Folder, Path.GetFileName(path)), content);
        }

        (await Cli.RunAsync("bash", site.Folder, Patience, ["make-certificate.sh"])).EnsureSucceeded();
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "hosts.conf"), "localhost 1;\n");
        await site.ReplaceAsync("nginx.conf", text => text.Replace("/var/log/nginx", site.Folder, StringComparison.Ordinal));
        await site.ReplaceAsync("site.conf", site.Elsewhere);
        await site.RouteAsync(instances);
        if (Environment.UserName == "root")
        {
            (await Cli.RunAsync("chown", site.Folder, Patience, ["-R", "nobody", site.Folder])).EnsureSucceeded();
        }

        return site;
    }

    /// <summary>
    /// Names the instances, as the deployment does, with the parameters that the project gives them; a server that runs
    /// already has to be told to reload.
    /// </summary>
    public Task RouteAsync(params int[] instances) => ReplaceAsync("site.conf", text =>
    {
        var parameters = MaxFails().Match(text).Value;
        return Server().Replace(text, "")
            .Replace(
                "upstream api {\n",
                $"upstream api {{\n{string.Concat(instances.Select(port => $"    server 127.0.0.1:{port} {parameters};\n"))}",
                StringComparison.Ordinal);
    });

    /// <summary>Changes a file of the configuration.</summary>
    public async Task ReplaceAsync(string name, Func<string, string> replace)
    {
        var path = Path.Combine(Folder, name);
        await File.WriteAllTextAsync(path, replace(await File.ReadAllTextAsync(path)));
    }

    /// <summary>Runs nginx with this configuration to its end: to test it (-t), or to signal the server that uses it (-s).</summary>
    public Task<CommandResult> RunAsync(params string[] arguments)
    {
        var (program, all) = CommandLine("", arguments);
        return Cli.RunAsync(program, Folder, Patience, all);
    }

    public ServerProcess Start()
    {
        var (program, all) = CommandLine(" daemon off;");
        return ServerProcess.Start(program, Folder, all);
    }

    // As an ordinary user, which is how anyone may try the configuration.
    private (string Program, string[] Arguments) CommandLine(string directives, params string[] arguments)
    {
        string[] asUser = Environment.UserName == "root" ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] : ["env"];
        string[] nginx = [
            Program!, "-p", Folder, "-c", Path.Combine(Folder, "nginx.conf"), "-e", ErrorLog, "-g", $"pid {Folder}/nginx.pid;{directives}"];

        return (asUser[0], [.. asUser[1..], .. nginx, .. arguments]);
    }

    // On free ports of the loopback address. Debian's nginx is older than the directive for HTTP/2; there, it is a word of
    // the line above.
    private string Elsewhere(string text)
    {
        text = IPv6Listening().Replace(text, "");
        Assert.Equal(2, Listening().Count(text));
        text = text.Replace("listen 443 ssl;\n    http2 on;", "listen 443 ssl http2;", StringComparison.Ordinal);

        return Listening().Replace(
            text, match => $"listen 127.0.0.1:{(match.Groups[1].Value == "80" ? HttpPort : HttpsPort)}{match.Groups[2].Value};")
            .Insert(0, string.Concat(TemporaryFiles.Select(kind => $"{kind}_temp_path {Folder}/{kind};\n")))
            .Replace("/tmp/hosts.conf", "hosts.conf", StringComparison.Ordinal)
            .Replace("/var/log/nginx", Folder, StringComparison.Ordinal)
            .Replace("default \"\";", $"default \":{HttpsPort}\";", StringComparison.Ordinal);
    }

    // Outside of comments.
    [GeneratedRegex(@"(?<=^ *server \S+ (resolve )?)max_fails=\d+(?=;)", RegexOptions.Multiline)]
    private static partial Regex MaxFails();

    [GeneratedRegex(@"nginx/([0-9.]+)")]
    private static partial Regex Number();

    [GeneratedRegex("listen (80|443)(.*);")]
    private static partial Regex Listening();

    [GeneratedRegex(@" *listen \[::\]:.*;\n")]
    private static partial Regex IPv6Listening();

    [GeneratedRegex(" *server [^{;\n]*;\n")]
    private static partial Regex Server();
}
