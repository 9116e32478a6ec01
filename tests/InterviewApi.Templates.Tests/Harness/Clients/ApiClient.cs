using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>A client of a generated API that trusts the API's own certificate and nothing else.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly SocketsHttpHandler _handler;
    private string? _token;

    private ApiClient(Uri address, SocketsHttpHandler handler)
    {
        _handler = handler;
        Http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Http { get; }

    /// <summary>A client for the address of a stack. If it keeps no connections, each request has one of its own.</summary>
    public static ApiClient Of(ContainerStack stack, bool keepsConnections = true) => new(stack.Address, Handler(stack, keepsConnections));

    /// <summary>Registers a user, signs in, and sends that user's token from now on.</summary>
    public async Task SignInAsync(string username)
    {
        const string password = "correct horse battery staple";
        using var registered = await Http.PostAsJsonAsync(
            "/api/v1/auth/register", new { username, email = $"{username}@example.com", password });
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);

        using var form = new FormUrlEncodedContent([new("grant_type", "password"), new("username", username), new("password", password)]);
        using var answer = await Http.PostAsync("/api/v1/auth/token", form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        _token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _token);
    }

    public async Task<long> CreateProductAsync(string name)
    {
        using var created = await Http.PostAsJsonAsync("/api/v1/products", new { name, price = 12.5m, category = "test" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.NotNull(created.Headers.Location);
        return (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
    }

    /// <summary>Connects to <c>/ws</c>, with the token where there is one.</summary>
    public async Task<ApiSocket> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        if (_token is not null)
        {
            socket.Options.SetRequestHeader("Authorization", $"Bearer {_token}");
        }

        var address = new UriBuilder(Http.BaseAddress!) { Path = "/ws", Scheme = Http.BaseAddress!.Scheme == "https" ? "wss" : "ws" };
        await socket.ConnectAsync(address.Uri, Http, CancellationToken.None);
        return new ApiSocket(socket);
    }

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }

    private static SocketsHttpHandler Handler(ContainerStack stack, bool keepsConnections)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            PooledConnectionLifetime = keepsConnections ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
        };
        if (stack.CertificateFile is { } file)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(file) },
                },

                // Who asks for a host that the certificate does not name is to see the API's own refusal.
                RemoteCertificateValidationCallback = (stream, _, _, errors) => errors == SslPolicyErrors.None
                    || (
                        errors == SslPolicyErrors.RemoteCertificateNameMismatch
                        && ((SslStream)stream).TargetHostName != stack.Address.Host),
            };
        }

        return handler;
    }
}
