using Acme.Shop.Middleware;

namespace Acme.Shop.Dependencies;

/// <summary>Every error is a problem details document (RFC 9457).</summary>
public static class ErrorDependencies
{
    public static IServiceCollection AddErrorResponses(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, ProblemDetailsWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ExceptionToProblemHandler>();

        // A body or parameter that cannot be bound reaches the handler above, which names what is wrong.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        return services;
    }
}
