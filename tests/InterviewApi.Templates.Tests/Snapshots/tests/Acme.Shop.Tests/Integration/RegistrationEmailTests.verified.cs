using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Acme.Shop.Core.Email;
using Acme.Shop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Acme.Shop.Tests.Integration;

public sealed class RegistrationEmailTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("acme-shop-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task In_Development_messages_are_files()
    {
        await using var api = await new ApiFactory().In("Development")
            .With("Email:Folder", _folder.FullName).With("Email:Administrator", "admin@example.com").StartAsync();
        var user = TestUser.Create();

        Assert.Equal(HttpStatusCode.Created, (await api.CreateClient().RegisterAsync(user)).StatusCode);

        await Eventually.HoldsAsync(() => _folder.GetFiles("*.eml").Length == 2);
        var welcome = await File.ReadAllTextAsync(Assert.Single(_folder.GetFiles("welcome.*.eml")).FullName);
        Assert.Contains($"To: {user.Email}", welcome, StringComparison.Ordinal);
        Assert.Contains($"Hello {user.Username}", welcome, StringComparison.Ordinal);
        var notification = await File.ReadAllTextAsync(Assert.Single(_folder.GetFiles("registered.*.eml")).FullName);
        Assert.Contains("To: admin@example.com", notification, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_host_messages_go_to_the_server_and_are_repeated_until_it_takes_them()
    {
        await using var server = new MailServer { Refusals = 1 };
        await using var api = new ApiFactory()
            .With("Email:Host", "127.0.0.1").With("Email:Port", $"{server.Port}").With("Email:Security", "None")
            .With("Email:From", "shop@example.com");
        await api.InitializeAsync();
        var user = TestUser.Create();

        Assert.Equal(HttpStatusCode.Created, (await api.CreateClient().RegisterAsync(user)).StatusCode);

        await Eventually.HoldsAsync(() => !server.Messages.IsEmpty);
        var message = Assert.Single(server.Messages);
        Assert.Contains("From: shop@example.com", message, StringComparison.Ordinal);
        Assert.Contains($"To: {user.Email}", message, StringComparison.Ordinal);
        Assert.Matches("Message-Id: <welcome\\.[0-9a-f]{32}@example\\.com>", message);
    }

    [Fact]
    public async Task Without_a_host_nothing_is_sent_and_the_log_says_so_once()
    {
        using var log = new LogRecorder();
        await using var api = await new ApiFactory().With("Logging:LogLevel:Default", "Information").LogTo(log).StartAsync();
        var client = api.CreateClient();

        Assert.Equal(HttpStatusCode.Created, (await client.RegisterAsync(TestUser.Create())).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await client.RegisterAsync(TestUser.Create())).StatusCode);

        Assert.Single(log.Lines, line => line.Message.Contains("Email__Host", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData("Email:From", "nobody", "Email__From")]
    [InlineData("Email:Host", "mail.example.com:587", "Email__Host")]
    [InlineData("Email:Port", "0", "Email__Port")]
    [InlineData("Email:Security", "Perhaps", "Email__Security")]
    [InlineData("Email:Administrator", "nobody", "Email__Administrator")]
    public void A_wrong_setting_is_named(string setting, string value, string name)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration["Email:Host"] = "mail.example.com";
        builder.Configuration["Email:From"] = "shop@example.com";
        builder.Configuration[setting] = value;
        builder.Services.AddEmail();
        using var provider = builder.Services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.StartsWith($"{name}: ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    /// <summary>A mail server on a free port that keeps what it takes.</summary>
    private sealed class MailServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public MailServer()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Refusals { get; set; }

        public ConcurrentQueue<string> Messages { get; } = new();

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await TalkAsync(client.GetStream());
            }
        }

        private async Task TalkAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 ready");
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase) && Refusals-- > 0)
                {
                    await writer.WriteLineAsync("451 later");
                }
                else if (line.Equals("DATA", StringComparison.OrdinalIgnoreCase))
                {
                    await writer.WriteLineAsync("354 go on");
                    var text = new StringBuilder();
                    while (await reader.ReadLineAsync() is { } part && part != ".")
                    {
                        text.AppendLine(part);
                    }

                    Messages.Enqueue(text.ToString());
                    await writer.WriteLineAsync("250 taken");
                }
                else
                {
                    await writer.WriteLineAsync(line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) ? "221 bye" : "250 fine");
                }
            }
        }
    }
}
