using Acme.Shop.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Acme.Shop.Api;

/// <summary>The answer to a change that was not made.</summary>
public static class ChangeProblems
{
    public static ProblemHttpResult From(ChangeStatus status) => status switch
    {
        ChangeStatus.NotFound => TypedResults.Problem(statusCode: StatusCodes.Status404NotFound),
        ChangeStatus.VersionMismatch => TypedResults.Problem(
            statusCode: StatusCodes.Status412PreconditionFailed,
            detail: "The resource has another version than the If-Match header names."),
        ChangeStatus.Conflict => TypedResults.Problem(
            statusCode: StatusCodes.Status409Conflict,
            detail: "Others are changing the resource at the same time. Read it again, then repeat the request."),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "This is not a failure."),
    };

    /// <summary>Documents all ways in which a change of one resource can fail.</summary>
    public static RouteHandlerBuilder ProducesChangeProblems(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
