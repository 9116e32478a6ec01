using InterviewApi.Models;
using InterviewApi.Schemas.V2;
using InterviewApi.Services;

namespace InterviewApi.Api.V2;

/// <summary>The gadgets of a keeper. The OpenAPI document takes its summaries from the handlers.</summary>
public static class GadgetEndpoints
{
    private const int MaxPageSize = %max page size%;
    private const int DefaultPageSize = %default page size%;

    public static void MapGadgets(this RouteGroupBuilder api)
    {
        var gadgets = api.MapGroup("/keepers/{keeperId:long}/gadgets").WithTags("Gadgets");
        gadgets.MapGet("/", ListGadgets).ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
        gadgets.MapPost("/", CreateGadget)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        gadgets.MapGet("/{id:long}", GetGadget).ProducesProblem(StatusCodes.Status404NotFound);
        gadgets.MapPut("/{id:long}", ReplaceGadget)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        gadgets.MapDelete("/{id:long}", DeleteGadget)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>Lists gadgets of a keeper, in ascending order of the reference.</summary>
    /// <param name="keeperId">The id of the keeper.</param>
    /// <param name="status">Only gadgets in this state.</param>
    /// <param name="page">The number of the page, from 1.</param>
    /// <param name="pageSize">The maximum number of gadgets on a page.</param>
    internal static async Task<Results<Ok<GadgetPage>, ProblemHttpResult>> ListGadgets(
        long keeperId,
        GadgetService gadgets,
        CancellationToken cancellationToken,
        GadgetStatus? status = null,
        [Range(1, int.MaxValue)] int page = 1,
        [Range(1, MaxPageSize)] int pageSize = DefaultPageSize)
    {
        if (await gadgets.ListAsync(keeperId, status, page, pageSize, cancellationToken) is not { } found)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        return TypedResults.Ok(new GadgetPage([.. found.Items.Select(GadgetResponse.From)], found.Total));
    }

    /// <summary>Gets %a gadget%.</summary>
    internal static async Task<Results<Ok<GadgetResponse>, ProblemHttpResult>> GetGadget(
        long keeperId, long id, GadgetService gadgets, CancellationToken cancellationToken) =>
        await gadgets.FindAsync(keeperId, id, cancellationToken) is { } gadget
            ? TypedResults.Ok(GadgetResponse.From(gadget))
            : ChangeProblems.From(ChangeStatus.NotFound);

    /// <summary>Creates %a gadget% in the first state.</summary>
    internal static async Task<Results<Created<GadgetResponse>, ProblemHttpResult>> CreateGadget(
        long keeperId, CreateGadgetRequest request, HttpContext context, GadgetService gadgets, CancellationToken cancellationToken)
    {
        var gadget = await gadgets.CreateAsync(
            keeperId, request.Reference!, request.Quantity!.Value, request.Note, cancellationToken);
        if (gadget is null)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        return TypedResults.Created(
            $"{context.Request.PathBase}{context.Request.Path.Value!.TrimEnd('/')}/{gadget.Id}", GadgetResponse.From(gadget));
    }

    /// <summary>Replaces %a gadget% that is not in the last state.</summary>
    internal static async Task<Results<Ok<GadgetResponse>, ProblemHttpResult>> ReplaceGadget(
        long keeperId, long id, ReplaceGadgetRequest request, GadgetService gadgets, CancellationToken cancellationToken)
    {
        var (status, gadget) = await gadgets.UpdateAsync(keeperId, id, request.ApplyTo, cancellationToken);
        return gadget is not null ? TypedResults.Ok(GadgetResponse.From(gadget)) : ChangeProblems.From(status);
    }

    /// <summary>Deletes %a gadget% that is not in the last state.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteGadget(
        long keeperId, long id, GadgetService gadgets, CancellationToken cancellationToken)
    {
        var (status, _) = await gadgets.DeleteAsync(keeperId, id, cancellationToken);
        return status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(status);
    }
}
