using Microsoft.AspNetCore.Antiforgery;

namespace Acme.Shop.Api.V1;

/// <summary>Version 1 of the API: frozen, so a breaking change goes to the next version.</summary>
public static class ApiV1
{
    public const string Name = "v1";
    public const string Prefix = "/api/v1";

    public static RouteGroupBuilder MapApiV1(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Prefix).WithGroupName(Name);

        // Credentials come in a header, which no other site can send: a form, such as an upload, needs no antiforgery token.
        ((IEndpointConventionBuilder)api).Finally(endpoint => endpoint.Metadata.Add(new RequireAntiforgeryTokenAttribute(false)));
@@ auth=jwt|oidc
        api.RequireTokenForWrites();
        api.MapAuth();
@@ sample=full|basic
        api.MapProducts();
@@ sample=full
        api.MapProductImages();
        api.MapProductAttachments();
@@ always

        return api;
    }
}
