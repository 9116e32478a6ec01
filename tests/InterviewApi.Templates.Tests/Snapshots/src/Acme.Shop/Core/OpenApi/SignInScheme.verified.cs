@@ auth=oidc|none
using Acme.Shop.Core.Security;
@@ always
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Acme.Shop.Core.OpenApi;

@@ auth=jwt|none
/// <summary>Documents the form that signs a user in.</summary>
@@ auth=oidc|none
/// <summary>Documents the issuer that signs a user in.</summary>
@@ always
public static class SignInScheme
{
@@ auth=jwt|none
    public const string Name = "password";
@@ auth=oidc|none
    public const string Name = "openIdConnect";
@@ always

@@ auth=jwt|none
    public static OpenApiSecurityScheme Describe(OpenApiDocument document, OpenApiDocumentTransformerContext _)
@@ auth=oidc|none
    public static OpenApiSecurityScheme Describe(OpenApiDocument _, OpenApiDocumentTransformerContext context) => new()
@@ always
    {
@@ auth=jwt|none
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
@@ auth=oidc|none
        Type = SecuritySchemeType.OpenIdConnect,
        Description = "Sign in at the issuer: authorization code with PKCE.",
        OpenIdConnectUrl = new Uri(context.ApplicationServices.GetRequiredService<IssuerKeys>().Discovery.MetadataAddress),
    };
@@ always
}
