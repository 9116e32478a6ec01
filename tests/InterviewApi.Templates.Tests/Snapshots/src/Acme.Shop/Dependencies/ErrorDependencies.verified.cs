using System.Diagnostics;
using Acme.Shop.Middleware;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Acme.Shop.Dependencies;

/// <summary>Every error is a problem details document (RFC 9457).</summary>
public static class ErrorDependencies
{
    public static void AddErrorResponses(this IServiceCollection services)
    {
        services.AddSingleton<IProblemDetailsWriter, ProblemDetailsWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ExceptionToProblemHandler>();

        // A binding error reaches the handler above, which names the field.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }
}

/// <summary>Writes <c>application/problem+json</c> regardless of the request's <c>Accept</c> header (RFC 9110 section 15.5.7).</summary>
// The framework's own writer would leave such a response empty.
internal sealed class ProblemDetailsWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        var status = problem.Status ??= http.Response.StatusCode;
        problem.Type ??= TypeOf(status);
        problem.Title ??= ReasonPhrases.GetReasonPhrase(status);
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        if (problem is HttpValidationProblemDetails validation)
        {
            validation.Errors = validation.Errors.ToDictionary(error => ToJsonPath(error.Key), error => error.Value);
        }

        if (http.Response.Headers.Allow is [{ } methods] && methods.Split(", ").Contains(HttpMethods.Get))
        {
            // Routing does not know that HEAD is handled as GET.
            http.Response.Headers.Allow = $"{methods}, {HttpMethods.Head}";
        }

        await http.Response.WriteAsJsonAsync(
            problem, problem.GetType(), json.Value.SerializerOptions, "application/problem+json", http.RequestAborted);
    }

    // Validation uses the C# name of a field; the client knows its JSON name.
    private static string ToJsonPath(string member) =>
        string.Join('.', member.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    // The section that defines the status code. The framework names it for some of them only, not for 413, 416 and 429.
    private static string TypeOf(int status) => status switch
    {
        >= 400 and <= 417 => $"https://tools.ietf.org/html/rfc9110#section-15.5.{status - 399}",
        422 => "https://tools.ietf.org/html/rfc9110#section-15.5.21",
        426 => "https://tools.ietf.org/html/rfc9110#section-15.5.22",
        429 => "https://tools.ietf.org/html/rfc6585#section-4",
        431 => "https://tools.ietf.org/html/rfc6585#section-5",
        >= 500 and <= 505 => $"https://tools.ietf.org/html/rfc9110#section-15.6.{status - 499}",
        _ => "about:blank",
    };
}
