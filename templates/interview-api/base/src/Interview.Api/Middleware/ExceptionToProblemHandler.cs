using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace InterviewApi.Middleware;

/// <summary>Maps exceptions that are not faults of this application to their status. All others become a 500 without details.</summary>
public sealed class ExceptionToProblemHandler(
    IProblemDetailsService problems, ILogger<ExceptionToProblemHandler> logger) : IExceptionHandler
{
    private const string ConflictDetail =
        "Other data does not allow it: a value is taken, a reference leads to nothing, or what is deleted is referred to.";

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        httpContext.Response.StatusCode = StatusOf(exception);
        if (httpContext.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            logger.LogError(exception, "The request failed.");
        }

        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = RequestErrors.Of(exception) is { } errors
                ? new HttpValidationProblemDetails(errors)
                : new ProblemDetails { Detail = DatabaseErrors.IsConflict(exception) ? ConflictDetail : null },
        });
        return true;
    }

    private static int StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException request => request.StatusCode,
        _ when DatabaseErrors.IsConflict(exception) => StatusCodes.Status409Conflict,
        _ when DatabaseErrors.IsUnavailable(exception) => StatusCodes.Status503ServiceUnavailable,

        // The request timed out, or shutdown began before all of it arrived. The framework answers a client that disconnected.
        OperationCanceledException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}

/// <summary>Describes the binding errors of a request, without repeating what the caller sent.</summary>
internal static partial class RequestErrors
{
    /// <returns>The errors by field, or null if the status code is sufficient.</returns>
    public static Dictionary<string, string[]>? Of(Exception exception) => exception switch
    {
        InvalidRequestException invalid => invalid.Errors,
        BadHttpRequestException { StatusCode: not StatusCodes.Status400BadRequest } => null,
        BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
        BadHttpRequestException when ParameterName().Match(exception.Message) is { Success: true } parameter =>
            new() { [parameter.Groups["name"].Value] = ["The value is not valid."] },
        BadHttpRequestException => new() { ["$"] = ["The request cannot be read."] },
        _ => null,
    };

    // A value of the wrong type has the path of a known field, in parts if converters are nested, and the reason if one of
    // this application refuses it. A syntax error has a position, and an innermost exception without a path.
    private static Dictionary<string, string[]> OfJson(JsonException json)
    {
        var parts = new List<string?>();
        for (var part = json; part is not null; part = part.InnerException as JsonException)
        {
            parts.Add(part.Path);
        }

        var field = string.Join('.', parts.Where(path => path?.Length > 2).Select(path => path![2..]));
        return field.Length > 0 && !parts.Contains(null)
            ? new() { [field] = [(json.GetBaseException() as ValidationException)?.Message ?? "The value is not valid."] }
            : new() { ["$"] = [$"The body is not valid: line {json.LineNumber + 1}, byte {json.BytePositionInLine}."] };
    }

    // Only this message contains the name of a parameter that the framework cannot bind.
    [GeneratedRegex("""^(Failed to bind|Required) parameter "[^"]* (?<name>\w+)" """, RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();
}
