using Acme.Shop.Core.Data;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Acme.Shop.Middleware;

/// <summary>
/// Maps exceptions that are not faults of this application to their status: a request that cannot be read, a database
/// that is away, a client that left. All others become a 500 that says nothing about them.
/// </summary>
public sealed partial class ExceptionToProblemHandler(
    IProblemDetailsService problems, ILogger<ExceptionToProblemHandler> logger) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientClosedRequest;
            return true;
        }

        var errors = exception is BadHttpRequestException badRequest ? RequestErrors.Of(badRequest) : null;
        httpContext.Response.StatusCode = StatusOf(exception);
        if (httpContext.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(exception);
        }

        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = errors is null ? new ProblemDetails() : new HttpValidationProblemDetails(errors),
        });
        return true;
    }

    private static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException request => request.StatusCode,
        _ when DatabaseErrors.IsAway(exception) => StatusCodes.Status503ServiceUnavailable,

        // The client is still there: time ran out, or the server was told to stop before it had the whole request.
        OperationCanceledException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    [LoggerMessage(LogLevel.Error, "The request failed.")]
    private partial void LogFailure(Exception exception);
}
