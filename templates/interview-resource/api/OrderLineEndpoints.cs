#if (IsOwned)
using InterviewApi.Core.Security;
#endif
#if (CanWrite)
using InterviewApi.Models;
#endif
using InterviewApi.Schemas%.V2%;
using InterviewApi.Services;
using Microsoft.AspNetCore.Mvc;

namespace InterviewApi.Api%.V2%;

/// <summary>Order lines, in pages by cursor. The OpenAPI document takes its summaries from the handlers.</summary>
public static class OrderLineEndpoints
{
    public static void MapOrderLines(this RouteGroupBuilder api)
    {
        var orderLines = api.MapGroup("/order-lines").WithTags("Order lines")%requirement%;
        orderLines.MapGet("/", ListOrderLines).ProducesValidationProblem();
        orderLines.MapGet("/{id:long}", GetOrderLine).ProducesReadProblems();
#if (CanWrite)
        orderLines.MapPost("/", CreateOrderLine).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        orderLines.MapPut("/{id:long}", ReplaceOrderLine).ProducesChangeProblems();
        orderLines.MapPatch("/{id:long}", PatchOrderLine)
            .Accepts<MergePatch<OrderLineRequest>>("application/merge-patch+json", "application/json")
            .ProducesChangeProblems();
        orderLines.MapDelete("/{id:long}", DeleteOrderLine).ProducesChangeProblems();
#endif
    }

    /// <summary>Lists order lines, oldest first. Changes on earlier pages do not shift later ones.</summary>
    internal static async Task<Ok<OrderLinePage>> ListOrderLines(
#if (IsOwned)
        CurrentUser user,
#endif
        OrderLineService orderLines,
        [AsParameters] CursorPaging paging,
        CancellationToken cancellationToken)
    {
        // One item beyond the page shows whether there is a next page.
        var found = await orderLines.ListAfterAsync(%user owner%paging.GetStart(), paging.Limit + 1, cancellationToken);
        var items = found.Take(paging.Limit).Select(OrderLineResponse.From).ToArray();
        return TypedResults.Ok(new OrderLinePage(items, found.Count > paging.Limit ? PageCursor.Encode(items[^1].Id) : null));
    }

    /// <summary>Gets %an order line%. With If-None-Match, the response to an unchanged version is 304.</summary>
    internal static Task<Results<Ok<OrderLineResponse>, ProblemHttpResult, StatusCodeHttpResult>> GetOrderLine(
        [AsParameters] OrderLineCall call) =>
        call.GetAsync();
#if (CanWrite)

    /// <summary>Creates %an order line%.</summary>
    internal static async Task<Created<OrderLineResponse>> CreateOrderLine(
        OrderLineRequest request, HttpContext context, %user%OrderLineService orderLines, CancellationToken cancellationToken)
    {
        var orderLine = new OrderLine%owner initializer%;
        request.ApplyTo(orderLine);
        await orderLines.CreateAsync(orderLine, cancellationToken);
        EntityTags.Write(context.Response, EntityTags.Of(orderLine.Version));
        return TypedResults.Created(
            $"{context.Request.PathBase}{context.Request.Path.Value!.TrimEnd('/')}/{orderLine.Id}", OrderLineResponse.From(orderLine));
    }

    /// <summary>Replaces %an order line%. With If-Match, only if it still has that version.</summary>
    internal static Task<Results<Ok<OrderLineResponse>, ProblemHttpResult>> ReplaceOrderLine(
        [AsParameters] OrderLineCall call, OrderLineRequest request) =>
        call.UpdateAsync(request.ApplyTo);

    /// <summary>Changes some fields of %an order line%. With If-Match, only if it still has that version.</summary>
    internal static Task<Results<Ok<OrderLineResponse>, ProblemHttpResult>> PatchOrderLine(
        [AsParameters] OrderLineCall call, MergePatch<OrderLineRequest> patch) =>
        call.UpdateAsync(orderLine => patch.ApplyTo(OrderLineRequest.From(orderLine)).ApplyTo(orderLine));

    /// <summary>Deletes %an order line%. With If-Match, only if it still has that version.</summary>
    internal static Task<Results<NoContent, ProblemHttpResult>> DeleteOrderLine([AsParameters] OrderLineCall call) =>
        call.DeleteAsync();
#endif
}

/// <summary>The parameters that the handlers of one order line share.</summary>
public sealed record OrderLineCall(
    long Id,
    [FromHeader(Name = "If-Match")] string? IfMatch,
    [FromHeader(Name = "If-None-Match")] string? IfNoneMatch,
    HttpContext Context,
#if (IsOwned)
    CurrentUser User,
#endif
    OrderLineService OrderLines,
    CancellationToken CancellationToken)
{
    private Preconditions Preconditions => new(IfMatch, IfNoneMatch);
#if (IsOwned)

    // What belongs to somebody else is not found.
    private string OwnerId => User.Id;
#endif

    public async Task<Results<Ok<OrderLineResponse>, ProblemHttpResult, StatusCodeHttpResult>> GetAsync()
    {
        if (await OrderLines.FindAsync(%call owner%Id, CancellationToken) is not { } orderLine)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        var tag = EntityTags.Of(orderLine.Version);
        EntityTags.Write(Context.Response, tag);
        return Preconditions.StatusOfRead(tag) is not StatusCodes.Status200OK and var status
            ? TypedResults.StatusCode(status)
            : TypedResults.Ok(OrderLineResponse.From(orderLine));
    }
#if (CanWrite)

    public async Task<Results<Ok<OrderLineResponse>, ProblemHttpResult>> UpdateAsync(Action<OrderLine> change)
    {
        var result = await OrderLines.UpdateAsync(%call owner%Id, change, AllowsChange, CancellationToken);
        if (result is not { Status: ChangeStatus.Done, OrderLine: { } orderLine })
        {
            return ChangeProblems.From(result.Status);
        }

        EntityTags.Write(Context.Response, EntityTags.Of(orderLine.Version));
        return TypedResults.Ok(OrderLineResponse.From(orderLine));
    }

    public async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync()
    {
        var change = await OrderLines.DeleteAsync(%call owner%Id, AllowsChange, CancellationToken);
        return change.Status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(change.Status);
    }

    private bool AllowsChange(OrderLine orderLine) => Preconditions.AllowChange(EntityTags.Of(orderLine.Version));
#endif
}
