using InterviewApi.Core.Security;
using InterviewApi.Models;
using InterviewApi.Schemas.V2;
using InterviewApi.Services;
using Microsoft.AspNetCore.Mvc;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace InterviewApi.Api.V2;

/// <summary>The caller's gadgets, their status, their statistics, and imports.</summary>
public static class GadgetEndpoints
{
    private const int MaxPageSize = %max page size%;
    private const int DefaultPageSize = %default page size%;

    public static void MapGadgets(this RouteGroupBuilder api)
    {
        var gadgets = api.MapGroup("/gadgets").WithTags("Gadgets").RequireAuthorization();
        gadgets.MapGet("/", ListGadgets).ProducesValidationProblem();
        gadgets.MapPost("/", CreateGadget)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        gadgets.MapGet("/{id:long}", GetGadget).ProducesProblem(StatusCodes.Status404NotFound);
        gadgets.MapPut("/{id:long}/status", ReplaceStatus)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        gadgets.MapGet("/statistics", GetStatistics);
        gadgets.MapPost("/import", ImportGadgets)
            .Accepts<GadgetRequest>("application/x-ndjson")
            .WithMetadata(new RequestSizeLimitAttribute(GadgetImport.MaxBytes))
            .DisableRequestTimeout()
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
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

    /// <summary>Gets the statistics of your gadgets.</summary>
    internal static async Task<Ok<GadgetStatisticsResponse>> GetStatistics(
        CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken) =>
        TypedResults.Ok(GadgetStatisticsResponse.From(await gadgets.GetStatisticsAsync(user.Id, cancellationToken)));

    /// <summary>Creates %a gadget% in the first state.</summary>
    /// <param name="key">A key of your choice. A repeated request with the same key gets the same response.</param>
    internal static async Task<Results<Created<GadgetResponse>, ProblemHttpResult>> CreateGadget(
        GadgetRequest request,
        HttpContext context,
        CurrentUser user,
        GadgetService gadgets,
        CancellationToken cancellationToken,
        [FromHeader(Name = "Idempotency-Key")]
        [StringLength(Gadget.MaxKeyLength, MinimumLength = 1), RegularExpression(Gadget.KeyPattern)]
        string? key = null)
    {
        var (gadget, isKeyUsed) = await gadgets.CreateAsync(user.Id, key, request.ToFields(), cancellationToken);
        if (gadget is not null)
        {
            var list = $"{context.Request.PathBase}{context.Request.Path.Value!.TrimEnd('/')}";
            return TypedResults.Created($"{list}/{gadget.Id}", GadgetResponse.FromCreation(gadget));
        }

        return isKeyUsed
            ? TypedResults.Problem(
                statusCode: StatusCodes.Status422UnprocessableEntity,
                detail: "Another request has used this idempotency key. Choose a new key for a new request.")
            : TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, detail: "You have used this reference.");
    }

    /// <summary>Changes the status of one of your gadgets.</summary>
    internal static async Task<Results<Ok<GadgetResponse>, ProblemHttpResult>> ReplaceStatus(
        long id, GadgetStatusRequest request, CurrentUser user, GadgetService gadgets, CancellationToken cancellationToken)
    {
        var (status, gadget) = await gadgets.MoveAsync(user.Id, id, request.Status!.Value, cancellationToken);
        return gadget is not null ? TypedResults.Ok(GadgetResponse.From(gadget)) : ChangeProblems.From(status);
    }

    /// <summary>Creates %a gadget% for each line of the body, or none.</summary>
    internal static async Task<Results<Ok<GadgetImportResponse>, ProblemHttpResult>> ImportGadgets(
        HttpRequest request,
        IOptions<JsonOptions> json,
        CurrentUser user,
        GadgetService gadgets,
        CancellationToken cancellationToken)
    {
        await using var import = new GadgetImport(json.Value.SerializerOptions);
        await import.ReceiveAsync(request.Body, cancellationToken);
        return await gadgets.ImportAsync(user.Id, import.ReadAsync(cancellationToken), cancellationToken) is { } count
            ? TypedResults.Ok(new GadgetImportResponse(count))
            : TypedResults.Problem(
                statusCode: StatusCodes.Status409Conflict,
                detail: "A reference is used twice or was used before. Nothing was created.");
    }
}
