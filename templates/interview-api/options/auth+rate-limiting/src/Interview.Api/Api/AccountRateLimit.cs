using InterviewApi.Core.RateLimiting;
using InterviewApi.Models;

namespace InterviewApi.Api;

/// <summary>
/// Limits the logins to each account, because many addresses may guess the same password. The limit is well above the
/// one for an address, so that one address cannot lock out another. Names without an account count too, so that a
/// refusal does not disclose which names exist.
/// </summary>
public sealed class AccountRateLimit(ApiRateLimiter limiter) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Parameter binding has already read the form.
        var form = await context.HttpContext.Request.ReadFormAsync(context.HttpContext.RequestAborted);
        var username = form["username"].ToString();
        return form["grant_type"] != "password"
            || !User.IsUsername(username)
            || (await limiter.CountAsync(context.HttpContext, "account", $"account:{User.Normalize(username)}", isPrivate: true)).IsAcquired
                ? await next(context)
                : TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests);
    }
}
