using InterviewApi.Core.Security;
using InterviewApi.Schemas.V2;
using InterviewApi.Services;

namespace InterviewApi.Api.V2;

/// <summary>The caller's gadgets and their status, in pages by cursor.</summary>
public static class GadgetEndpoints
{
    private const int MaxPageSize = %max page size%;
    private const int DefaultPageSize = %default page size%;

    public static void MapGadgets(this RouteGroupBuilder api)
    {
        var gadgets = api.MapGroup("/gadgets").WithTags("Gadgets").RequireAuthorization();
        gadgets.MapGet("/", ListGadgets).ProducesValidationProblem();
        gadgets.MapPost("/", CreateGadget).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        gadgets.MapGet("/{id:long}", GetGadget).ProducesProblem(StatusCodes.Status404NotFound);
        gadgets.MapGet("/{id:long}/history", ListHistory).ProducesProblem(StatusCodes.Status404NotFound);
        gadgets.MapPut("/{id:long}/status", ReplaceStatus)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        gadgets.MapGadgetAttachments();
    }

    /// <summary>Lists your gadgets, oldest first.</summary>
    /// <param name="cursor">The nextCursor of the previous page; without it, the first page.</param>
    /// <param name="limit">The maximum number of gadgets on a page.</param>
    internal static async Task<Ok<GadgetPage>> ListGadgets(
        CurrentUser user,
        GadgetService gadgets,
        CancellationToken cancellationToken,
        [Cursor] string? cursor = null,
        [Range(1, MaxPageSize)] int limit = DefaultPageSize)
    {
        // One item beyond the page shows whether there is a next page.
        var found = await gadgets.ListAfterAsync(user.Id, new CursorPaging(cursor).GetStart(), limit + 1, cancellationToken);
        var items = found.Take(limit).Select(GadgetResponse.From).ToArray();
        return TypedResults.Ok(new GadgetPage(items, found.Count > limit ? PageCursor.Encode(items[^1].Id) : null));
    }

    /// <summary>Gets one of your gadgets.</summary>
    internal static async Task<Results<Ok<GadgetResponse>, ProblemHttpResult>> GetGadget(
        long id, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken) =>
        await gadgets.FindAsync(user.Id, id, cancellationToken) is { } gadget
            ? TypedResults.Ok(GadgetResponse.From(gadget))
            : ChangeProblems.From(ChangeStatus.NotFound);

    /// <summary>Lists the changes of the status, oldest first.</summary>
    internal static async Task<Results<Ok<GadgetMoveResponse[]>, ProblemHttpResult>> ListHistory(
        long id, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken) =>
        await gadgets.ListHistoryAsync(user.Id, id, cancellationToken) is { } history
            ? TypedResults.Ok(history.Select(GadgetMoveResponse.Of).ToArray())
            : ChangeProblems.From(ChangeStatus.NotFound);

    /// <summary>Creates %a gadget% in the first state.</summary>
    internal static async Task<Created<GadgetResponse>> CreateGadget(
        GadgetRequest request, HttpContext context, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken)
    {
        var gadget = await gadgets.CreateAsync(user.Id, request.Reference!, request.Quantity!.Value, request.Note, cancellationToken);
        return TypedResults.Created(
            $"{context.Request.PathBase}{context.Request.Path.Value!.TrimEnd('/')}/{gadget.Id}", GadgetResponse.From(gadget));
    }

    /// <summary>Changes the status of one of your gadgets.</summary>
    internal static async Task<Results<Ok<GadgetResponse>, ProblemHttpResult>> ReplaceStatus(
        long id, GadgetStatusRequest request, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken)
    {
        var (status, gadget) = await gadgets.MoveAsync(user.Id, id, request.Status!.Value, cancellationToken);
        return gadget is not null ? TypedResults.Ok(GadgetResponse.From(gadget)) : ChangeProblems.From(status);
    }
}
