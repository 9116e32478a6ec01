using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;

namespace InterviewApi.Templates.Tests.Harness;

/// <summary>
/// The part of an OpenID Connect provider that a browser meets: it signs in whoever asks, by authorization code with PKCE only.
/// </summary>
internal sealed class StandInIssuer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly RSA _key = RSA.Create(2048);
    private readonly string _code = $"{Guid.NewGuid():N}";
    private string? _challenge;

    public StandInIssuer(string audience)
    {
        Audience = audience;
        Url = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _ = AnswerAsync();
    }

    public string Url { get; }

    public string Audience { get; }

    public void Dispose()
    {
        _listener.Close();
        _key.Dispose();
    }

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                context.Response.Headers["Access-Control-Allow-Origin"] = "*";
                context.Response.Headers["Access-Control-Allow-Headers"] = "*";
                context.Response.ContentType = "application/json";
                await AnswerAsync(context.Request, context.Response);
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        switch (request.Url!.AbsolutePath)
        {
            case "/.well-known/openid-configuration":
                await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(
                    $$"""
                    {
                      "issuer": "{{Url}}",
                      "authorization_endpoint": "{{Url}}/authorize",
                      "token_endpoint": "{{Url}}/token",
                      "jwks_uri": "{{Url}}/keys",
                      "grant_types_supported": ["authorization_code"],
                      "response_types_supported": ["code"],
                      "scopes_supported": ["openid"]
                    }
                    """));
                break;
            case "/keys":
                var key = _key.ExportParameters(false);
                var (n, e) = (Base64Url.EncodeToString(key.Modulus), Base64Url.EncodeToString(key.Exponent));
                await JsonSerializer.SerializeAsync(
                    response.OutputStream, new { keys = new[] { new { kty = "RSA", use = "sig", kid = "1", n, e } } });
                break;
            case "/authorize" when request.QueryString is { } query && query["code_challenge_method"] == "S256":
                _challenge = query["code_challenge"];
                response.Redirect($"{query["redirect_uri"]}?code={_code}&state={HttpUtility.UrlEncode(query["state"])}");
                break;
            case "/token" when request.HttpMethod == "POST":
                using (var reader = new StreamReader(request.InputStream))
                {
                    var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync());
                    var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"] ?? "")));
                    response.StatusCode = form["code"] == _code && challenge == _challenge ? 200 : 400;
                    await JsonSerializer.SerializeAsync(
                        response.OutputStream, new { access_token = Sign(), token_type = "Bearer", expires_in = 900 });
                }

                break;
            default:
                response.StatusCode = request.HttpMethod == "OPTIONS" ? 204 : 404;
                break;
        }
    }

    private string Sign()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var content = $"{Encode(new { alg = "RS256", typ = "at+jwt", kid = "1" })}.{Encode(new
        {
            iss = Url, aud = Audience, sub = "1", preferred_username = "ada", iat = now, nbf = now, exp = now + 900,
        })}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
