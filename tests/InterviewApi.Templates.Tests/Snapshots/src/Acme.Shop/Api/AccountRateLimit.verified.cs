using Acme.Shop.Core.RateLimiting;
using Acme.Shop.Core.Security;
using Acme.Shop.Models;

namespace Acme.Shop.Api;

/// <summary>Limits the guesses of each account's password, because many addresses may guess the same one.</summary>
// The limit is well above that of an address, so that one address cannot lock out another. Names without an account
// count too, so that a refusal does not disclose which names exist.
public sealed class AccountRateLimit(ApiRateLimiter limiter) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var username = await ReadUsernameAsync(context.HttpContext);
        if (User.IsUsername(username)
            && await limiter.CountAsync(context.HttpContext, "account", $"account:{User.Normalize(username)}", isPrivate: true)
                is { IsAcquired: false })
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests);
        }

        return await next(context);
    }

    private static async Task<string> ReadUsernameAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return new CurrentUser(context.User).Name ?? "";
        }

        // Parameter binding has already read the form.
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return form["grant_type"] == "password" ? form["username"].ToString() : "";
    }
}
