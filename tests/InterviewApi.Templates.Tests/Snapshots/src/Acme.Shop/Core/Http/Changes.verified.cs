using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Core.Http;

/// <summary>The result of changing a resource.</summary>
public enum ChangeStatus
{
    Done,
    NotFound,

    /// <summary>A precondition of the request does not hold for the current version.</summary>
    PreconditionFailed,

    /// <summary>Each attempt lost to a concurrent change.</summary>
    Conflict,
}

/// <summary>The response to a change that was not made.</summary>
public static class ChangeProblems
{
    public static ProblemHttpResult From(ChangeStatus status) => status switch
    {
        ChangeStatus.NotFound => TypedResults.Problem(statusCode: StatusCodes.Status404NotFound),
        ChangeStatus.PreconditionFailed => TypedResults.Problem(
            statusCode: StatusCodes.Status412PreconditionFailed,
            detail: "A precondition does not hold for the current version of the resource. Get it again, then repeat the request."),
        ChangeStatus.Conflict => TypedResults.Problem(
            statusCode: StatusCodes.Status409Conflict,
            detail: "The resource is being changed by other requests. Get it again, then repeat the request."),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This is not a failure."),
    };

    /// <summary>Documents the error responses to a change of one resource.</summary>
    public static RouteHandlerBuilder ProducesChangeProblems(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);

    /// <summary>Documents the responses to a conditional GET other than 200.</summary>
    public static RouteHandlerBuilder ProducesReadProblems(this RouteHandlerBuilder endpoint) => endpoint
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}

/// <summary>The preconditions of a request (RFC 9110 section 13), which an endpoint binds with <c>[AsParameters]</c>.</summary>
public readonly record struct Preconditions(
    [FromHeader(Name = "If-Match")] string? IfMatch, [FromHeader(Name = "If-None-Match")] string? IfNoneMatch)
{
    /// <summary>Whether a resource may be changed; otherwise the response is 412.</summary>
    /// <param name="current">The entity tag of the current representation; null if there is none.</param>
    public bool AllowChange(EntityTagHeaderValue? current) =>
        AllowIfMatch(current)
        && (IfNoneMatch is null || Matches(IfNoneMatch, current, useStrongComparison: false) is false);

    /// <summary>The status code of a GET request: 200, 304 or 412.</summary>
    public int StatusOfRead(EntityTagHeaderValue current) =>
        !AllowIfMatch(current) ? StatusCodes.Status412PreconditionFailed
        : IfNoneMatch is not null && Matches(IfNoneMatch, current, useStrongComparison: false) is true ? StatusCodes.Status304NotModified
        : StatusCodes.Status200OK;

    private bool AllowIfMatch(EntityTagHeaderValue? current) =>
        IfMatch is null || Matches(IfMatch, current, useStrongComparison: true) is true;

    /// <returns>Null if the header cannot be parsed: such a header never allows a change.</returns>
    private static bool? Matches(string header, EntityTagHeaderValue? current, bool useStrongComparison) =>
        header.Trim(' ', '\t', ',') switch
        {
            // An empty list matches nothing.
            "" => false,
            "*" when header.Trim() == "*" => current is not null,
            _ when EntityTagHeaderValue.TryParseStrictList([header], out var tags) && !tags.Contains(EntityTagHeaderValue.Any) =>
                current is not null && tags.Any(tag => tag.Compare(current, useStrongComparison)),
            _ => null,
        };
}

/// <summary>Strong entity tags.</summary>
public static class EntityTags
{
    public static EntityTagHeaderValue Of(int version) => new(string.Create(CultureInfo.InvariantCulture, $"\"{version}\""));

    /// <summary>Tags the response. Clients may store it, but must revalidate it before each use.</summary>
    public static void Write(HttpResponse response, EntityTagHeaderValue tag)
    {
        response.Headers.ETag = tag.ToString();
        response.Headers.CacheControl = "no-cache";
    }
}
