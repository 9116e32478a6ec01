using InterviewApi.Schemas.V2;
using InterviewApi.Services;

namespace InterviewApi.Api.V2;

/// <summary>Keepers. The OpenAPI document takes its summaries from the handlers.</summary>
public static class KeeperEndpoints
{
    public static void MapKeepers(this RouteGroupBuilder api)
    {
        var keepers = api.MapGroup("/keepers").WithTags("Keepers");
        keepers.MapPost("/", CreateKeeper).ProducesValidationProblem();
        keepers.MapGet("/{id:long}", GetKeeper).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Creates a keeper.</summary>
    internal static async Task<Created<KeeperResponse>> CreateKeeper(
        KeeperRequest request, HttpContext context, KeeperService keepers, CancellationToken cancellationToken)
    {
        var keeper = await keepers.CreateAsync(request.Name!, cancellationToken);
        return TypedResults.Created(
            $"{context.Request.PathBase}{context.Request.Path.Value!.TrimEnd('/')}/{keeper.Id}", KeeperResponse.From(keeper));
    }

    /// <summary>Gets a keeper.</summary>
    internal static async Task<Results<Ok<KeeperResponse>, ProblemHttpResult>> GetKeeper(
        long id, KeeperService keepers, CancellationToken cancellationToken) =>
        await keepers.FindAsync(id, cancellationToken) is { } keeper
            ? TypedResults.Ok(KeeperResponse.From(keeper))
            : ChangeProblems.From(ChangeStatus.NotFound);
}
