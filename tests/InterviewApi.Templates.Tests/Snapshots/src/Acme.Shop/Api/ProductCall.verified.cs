using Acme.Shop.Core.Http;
using Acme.Shop.Models;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Acme.Shop.Api;

/// <summary>A request for one product. Versions differ only in the shape of a product.</summary>
public sealed record ProductCall(
    long Id,
    [FromHeader(Name = "If-Match")] string? IfMatch,
    [FromHeader(Name = "If-None-Match")] string? IfNoneMatch,
    HttpContext Context,
    ProductService Products,
    CancellationToken CancellationToken)
{
    private Preconditions Preconditions => new(IfMatch, IfNoneMatch);

    public async Task<Results<Ok<TResponse>, ProblemHttpResult, StatusCodeHttpResult>> GetAsync<TResponse>(
        Func<Product, TResponse> toResponse)
    {
        if (await Products.FindAsync(Id, CancellationToken) is not { } product)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        var tag = EntityTags.Of(product.Version);
        EntityTags.Write(Context.Response, tag);
        return Preconditions.StatusOfRead(tag) is not StatusCodes.Status200OK and var status
            ? TypedResults.StatusCode(status)
            : TypedResults.Ok(toResponse(product));
    }

    public async Task<Results<Ok<TResponse>, ProblemHttpResult>> UpdateAsync<TResponse>(
        Action<Product> change, Func<Product, TResponse> toResponse)
    {
        var result = await Products.UpdateAsync(Id, change, AllowsChange, CancellationToken);
        if (result is not { Status: ChangeStatus.Done, Product: { } product })
        {
            return ChangeProblems.From(result.Status);
        }

        EntityTags.Write(Context.Response, EntityTags.Of(product.Version));
        return TypedResults.Ok(toResponse(product));
    }

    public async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync()
    {
        var change = await Products.DeleteAsync(Id, AllowsChange, CancellationToken);
        return change.Status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(change.Status);
    }

    private bool AllowsChange(Product product) => Preconditions.AllowChange(EntityTags.Of(product.Version));
}
