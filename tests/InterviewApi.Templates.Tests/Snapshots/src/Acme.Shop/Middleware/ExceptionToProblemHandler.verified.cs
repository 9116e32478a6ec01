using System.Text.Json;
using System.Text.RegularExpressions;
using Acme.Shop.Core.Data;
using Acme.Shop.Core.Http;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Acme.Shop.Middleware;

/// <summary>
/// Maps exceptions that are not faults of this application to their status: an unreadable request, an unavailable
/// database, a client that disconnected. All others become a 500 without any details.
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
        _ when DatabaseErrors.IsConflict(exception) => StatusCodes.Status409Conflict,
        _ when DatabaseErrors.IsUnavailable(exception) => StatusCodes.Status503ServiceUnavailable,

        // The client is connected: the request timed out, or shutdown began before the whole request arrived.
        OperationCanceledException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    [LoggerMessage(LogLevel.Error, "The request failed.")]
    private partial void LogFailure(Exception exception);
}

/// <summary>Describes the binding errors of a request, without repeating what the caller sent.</summary>
internal static partial class RequestErrors
{
    /// <returns>The errors by field, or null if the status code is sufficient.</returns>
    public static Dictionary<string, string[]>? Of(BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            return null;
        }

        if (exception is InvalidRequestException invalid)
        {
            return invalid.Errors;
        }

        if (exception.InnerException is JsonException json)
        {
            return OfJson(json);
        }

        var parameter = ParameterName().Match(exception.Message);
        return parameter.Success
            ? new() { [parameter.Groups["name"].Value] = ["The value is not valid."] }
            : new() { ["$"] = ["The request cannot be read."] };
    }

    // A value of the wrong type has the path of a known field, in parts if converters are nested. A syntax error has a
    // position, and an innermost exception without a path.
    private static Dictionary<string, string[]> OfJson(JsonException json)
    {
        var fields = new List<string>();
        for (var part = json; part is not null; part = part.InnerException as JsonException)
        {
            if (part.Path is null)
            {
                fields.Clear();
                break;
            }

            if (part.Path.Length > 2)
            {
                fields.Add(part.Path[2..]);
            }
        }

        return fields.Count > 0
            ? new() { [string.Join('.', fields)] = ["The value is not valid."] }
            : new() { ["$"] = [$"The body is not valid: line {json.LineNumber + 1}, byte {json.BytePositionInLine}."] };
    }

    // Only this message contains the name of a parameter that the framework cannot bind.
    [GeneratedRegex("""^(Failed to bind|Required) parameter "[^"]* (?<name>\w+)" """, RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();
}
