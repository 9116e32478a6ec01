using InterviewApi.Core.Security;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace InterviewApi.Core.OpenApi;

/// <summary>Documents the issuer that signs a user in.</summary>
public static class SignInScheme
{
    public const string Name = "openIdConnect";

    public static OpenApiSecurityScheme Describe(OpenApiDocument _, OpenApiDocumentTransformerContext context) => new()
    {
        Type = SecuritySchemeType.OpenIdConnect,
        Description = "Sign in at the issuer: authorization code with PKCE.",
        OpenIdConnectUrl = new Uri(context.ApplicationServices.GetRequiredService<IssuerKeys>().Discovery.MetadataAddress),
    };
}
