using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace InterviewApi.Core.OpenApi;

/// <summary>Declares how a client gets a token: with a password in a form, or pasted as it is.</summary>
public sealed class SecuritySchemeTransformer : IOpenApiDocumentTransformer
{
    public const string Password = "password";
    public const string Bearer = "bearer";

    private const string TokenPath = "/auth/token";

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        // Relative to the host and not to the server URL, which may have a path prefix.
        var prefix = document.Servers is [{ Url: { } server }, ..] ? new Uri(server).AbsolutePath.TrimEnd('/') : "";
        var tokenUrl = new Uri(prefix + document.Paths.Keys.Single(IsTokenPath), UriKind.Relative);
        document.AddComponent<IOpenApiSecurityScheme>(Password, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "Sign in with a user name and a password. No client id is needed.",
            Flows = new OpenApiOAuthFlows
            {
                Password = new OpenApiOAuthFlow
                {
                    TokenUrl = tokenUrl,
                    RefreshUrl = tokenUrl,
                    Scopes = new Dictionary<string, string>(),
                },
            },
        });
        document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            BearerFormat = "JWT",
            Description = "An access token.",
        });
        return Task.CompletedTask;
    }

    private static bool IsTokenPath(string path) => path.EndsWith(TokenPath, StringComparison.Ordinal);
}
