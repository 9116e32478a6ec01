using InterviewApi.Core.Security;
using InterviewApi.Schemas.V1;
using InterviewApi.Services;

namespace InterviewApi.Api.V1;

/// <summary>The caller's gadgets, as version 1 shows them.</summary>
public static class GadgetEndpoints
{
    private const int MaxItems = %max page size%;

    public static void MapGadgets(this RouteGroupBuilder api)
    {
        var gadgets = api.MapGroup("/gadgets").WithTags("Gadgets").RequireAuthorization();
        gadgets.MapGet("/", ListGadgets);
        gadgets.MapPost("/", CreateGadget).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        gadgets.MapGet("/{id:long}", GetGadget).ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>Lists your oldest gadgets, at most %max page size%.</summary>
    internal static async Task<Ok<GadgetResponse[]>> ListGadgets(
        CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken) =>
        TypedResults.Ok((await gadgets.ListAfterAsync(user.Id, 0, MaxItems, cancellationToken)).Select(GadgetResponse.From).ToArray());

    /// <summary>Gets one of your gadgets.</summary>
    internal static async Task<Results<Ok<GadgetResponse>, ProblemHttpResult>> GetGadget(
        long id, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken) =>
        await gadgets.FindAsync(user.Id, id, cancellationToken) is { } gadget
            ? TypedResults.Ok(GadgetResponse.From(gadget))
            : ChangeProblems.From(ChangeStatus.NotFound);

    /// <summary>Creates %a gadget%.</summary>
    internal static async Task<Created<GadgetResponse>> CreateGadget(
        GadgetRequest request, HttpContext context, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken)
    {
        var gadget = await gadgets.CreateAsync(user.Id, request.Reference!, request.Quantity!.Value, null, cancellationToken);
        return TypedResults.Created(
            $"{context.Request.PathBase}{context.Request.Path.Value!.TrimEnd('/')}/{gadget.Id}", GadgetResponse.From(gadget));
    }
}
