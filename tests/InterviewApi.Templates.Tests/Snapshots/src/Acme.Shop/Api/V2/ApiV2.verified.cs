using Microsoft.AspNetCore.Antiforgery;

namespace Acme.Shop.Api.V2;

/// <summary>Version 2 of the API, the current version.</summary>
public static class ApiV2
{
    public const string Name = "v2";
    public const string Prefix = "/api/v2";

    public static RouteGroupBuilder MapApiV2(this IEndpointRouteBuilder app)
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
        api.MapCategories();
        api.MapPrices();
@@ always

        return api;
    }
}
