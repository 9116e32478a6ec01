using InterviewApi.Core.Configuration;
using InterviewApi.Core.RateLimiting;
using InterviewApi.Models;

namespace InterviewApi.Api;

/// <summary>
/// Counts the logins to each account, because many addresses may guess one password. The limit is well above that of an
/// address, so that nobody alone can lock another one out. A name that nobody has counts like any other: a refusal does
/// not tell which names exist.
/// </summary>
public sealed class AccountRateLimit(IRateLimitCounter counter, IEnumerable<RateLimitPolicy> policies) : IEndpointFilter
{
    private readonly RateLimitPolicy _policy = policies.Single(policy => policy.Name == AuthRateLimitOptions.AccountPolicy);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // The form was read for the parameters of the handler already.
        var form = await context.HttpContext.Request.ReadFormAsync(context.HttpContext.RequestAborted);
        var username = form["username"].ToString();
        if (form["grant_type"] != "password" || !User.IsUsername(username))
        {
            return await next(context);
        }

        var count = await counter.CountAsync(_policy, $"account:{User.Normalize(username)}");
        if (count.IsAdmitted)
        {
            return await next(context);
        }

        RateLimitFields.WriteOnStarting(context.HttpContext.Response, _policy, count);
        return TypedResults.Problem(statusCode: StatusCodes.Status429TooManyRequests);
    }
}
