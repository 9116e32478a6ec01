using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Acme.Shop.Api;

/// <summary>Which endpoints require an access token.</summary>
public static class TokenRequirement
{
    /// <summary>Requires an access token for the writes of a group that do not allow anonymous requests.</summary>
    public static void RequireTokenForWrites(this RouteGroupBuilder group) =>
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            var isProtected = endpoint.Metadata.OfType<IAuthorizeData>().Any();
            if (!isProtected && IsWrite(endpoint) && !endpoint.Metadata.OfType<IAllowAnonymous>().Any())
            {
                endpoint.Metadata.Add(new AuthorizeAttribute());
                isProtected = true;
            }

            // 503 while nobody can say whether a token is valid.
            int[] refusals = isProtected ? [StatusCodes.Status401Unauthorized, StatusCodes.Status503ServiceUnavailable] : [];
            foreach (var status in refusals)
            {
                endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), ["application/problem+json"]));
            }
        });

    private static bool IsWrite(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is not { HttpMethods: { Count: > 0 } methods }
        || methods.Any(method => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method));
}
