using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace InterviewApi.Core.OpenApi;

/// <summary>Documents the form that signs a user in.</summary>
public static class SignInScheme
{
    public const string Name = "password";

    public static OpenApiSecurityScheme Describe(OpenApiDocument document, OpenApiDocumentTransformerContext _)
    {
        // Relative to the host, not to the server URL, which may have a path prefix.
        var prefix = document.Servers is [{ Url: { } server }, ..] ? new Uri(server).AbsolutePath.TrimEnd('/') : "";
        var path = document.Paths.Keys.Single(path => path.EndsWith("/auth/token", StringComparison.Ordinal));
        var url = new Uri(prefix + path, UriKind.Relative);
        return new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "Sign in with a user name and a password. Leave the client id empty.",
            Flows = new() { Password = new() { TokenUrl = url, RefreshUrl = url, Scopes = new Dictionary<string, string>() } },
        };
    }
}
