using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Acme.Shop.Core.OpenApi;

/// <summary>Documents how to provide an access token (by form or as text) and which operations need one.</summary>
public sealed class SecurityTransformer : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Password = "password";
    private const string Bearer = "bearer";

    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        // Relative to the host, not to the server URL, which may have a path prefix.
        var prefix = document.Servers is [{ Url: { } server }, ..] ? new Uri(server).AbsolutePath.TrimEnd('/') : "";
        var path = document.Paths.Keys.Single(path => path.EndsWith("/auth/token", StringComparison.Ordinal));
        var url = new Uri(prefix + path, UriKind.Relative);
        document.AddComponent<IOpenApiSecurityScheme>(Password, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "Sign in with a user name and a password. Leave the client id empty.",
            Flows = new() { Password = new() { TokenUrl = url, RefreshUrl = url, Scopes = new Dictionary<string, string>() } },
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

    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().Any())
        {
            operation.Security = [Require(Password), Require(Bearer)];
        }

        return Task.CompletedTask;

        OpenApiSecurityRequirement Require(string scheme) =>
            new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }
}
