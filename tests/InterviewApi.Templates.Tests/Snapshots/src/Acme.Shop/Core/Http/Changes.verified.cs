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
