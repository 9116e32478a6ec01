using Acme.Shop.Core.RateLimiting;
using Acme.Shop.Models;

namespace Acme.Shop.Api;

/// <summary>
/// Counts the logins to each account, because many addresses may guess one password. The limit is well above that of an
/// address, so that one address cannot lock out another. A name without an account counts like any other: a refusal does
/// not disclose which names exist.
/// </summary>
public sealed class AccountRateLimit(ApiRateLimiter limiter) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // The form has been read already, for the parameters of the handler.
        var form = await context.HttpContext.Request.ReadFormAsync(context.HttpContext.RequestAborted);
        var username = form["username"].ToString();
        return form["grant_type"] != "password"
            || !User.IsUsername(username)
            || await limiter.CountAsync(context.HttpContext, "account", $"account:{User.Normalize(username)}", isPrivate: true)
                ? await next(context)
                : TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests);
    }
}
