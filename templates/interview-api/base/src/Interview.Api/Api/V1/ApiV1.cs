using Microsoft.AspNetCore.Antiforgery;

namespace InterviewApi.Api.V1;

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
#if (UseAuth)
        api.RequireTokenForWrites();
        api.MapAuth();
#endif
#if (UseSample)
        api.MapProducts();
#endif
#if (UseFullSample)
        api.MapProductImages();
        api.MapProductAttachments();
#endif

        return api;
    }
}
