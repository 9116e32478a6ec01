using InterviewApi.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InterviewApi.Api;

/// <summary>The answer to a change that was not made.</summary>
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

    /// <summary>Documents all ways in which a change of one resource can fail.</summary>
    public static RouteHandlerBuilder ProducesChangeProblems(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
