using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Acme.Shop.Api;

/// <summary>Which endpoints need an access token.</summary>
public static class TokenRequirement
{
    /// <summary>Refuses requests without a valid access token with 401, and documents that.</summary>
    public static TBuilder RequireToken<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Finally(Require);
        return endpoints;
    }

    /// <summary>Requires a token for all endpoints of a group that may change something, unless they allow everybody.</summary>
    public static void RequireTokenForWrites(this RouteGroupBuilder group) =>
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (IsWrite(endpoint) && !endpoint.Metadata.OfType<IAllowAnonymous>().Any())
            {
                Require(endpoint);
            }
        });

    private static bool IsWrite(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is not { HttpMethods: { Count: > 0 } methods }
        || methods.Any(method => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method));

    private static void Require(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<IAuthorizeData>().Any())
        {
            return;
        }

        endpoint.Metadata.Add(new AuthorizeAttribute());
        endpoint.Metadata.Add(new ProducesResponseTypeMetadata(
            StatusCodes.Status401Unauthorized, typeof(ProblemDetails), ["application/problem+json"]));
    }
}
