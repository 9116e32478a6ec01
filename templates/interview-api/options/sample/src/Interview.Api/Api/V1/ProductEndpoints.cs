using System.ComponentModel.DataAnnotations;
using InterviewApi.Core.Http;
using InterviewApi.Models;
using InterviewApi.Schemas.V1;
using InterviewApi.Schemas.Validation;
using InterviewApi.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace InterviewApi.Api.V1;

/// <summary>
/// Products, as version 1 shows them. The handlers are internal so that the OpenAPI document can take over their summaries.
/// </summary>
public static class ProductEndpoints
{
    public static void MapProducts(this RouteGroupBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("Products");
        products.MapGet("/", ListProducts).ProducesValidationProblem();
        products.MapGet("/{id:long}", GetProduct)
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        products.MapPost("/", CreateProduct).ProducesValidationProblem();
        products.MapPut("/{id:long}", ReplaceProduct).ProducesChangeProblems();
        products.MapPatch("/{id:long}", PatchProduct)
            .Accepts<ProductPatchRequest>("application/merge-patch+json", "application/json")
            .ProducesChangeProblems();
        products.MapDelete("/{id:long}", DeleteProduct).ProducesChangeProblems();

        var exports = products.MapGroup("/export");
        exports.DisableRequestTimeout();
        exports.MapGet("/", ExportProducts);
#if (UseRateLimiting)
        exports.RequireRateLimiting("upload");
#endif
    }

    /// <summary>Lists products, oldest first, with links to the next and the previous page.</summary>
    /// <param name="skip">How many products to leave out at the beginning.</param>
    /// <param name="limit">How many products to answer at most.</param>
    /// <param name="q">A part of the name or the description, without regard to case.</param>
    /// <param name="category">The exact category.</param>
    internal static async Task<Ok<ProductResponse[]>> ListProducts(
        HttpContext context,
        ProductService products,
        CancellationToken cancellationToken,
        [Range(0, int.MaxValue)] int skip = 0,
        [Range(1, 100)] int limit = 20,
        [StringLength(Product.MaxNameLength), PlainText] string? q = null,
        [StringLength(Product.MaxCategoryLength), PlainText] string? category = null)
    {
        // One more than the page tells whether there is a next one.
        var found = await products.ListAsync(new ProductFilter(q, category), skip, limit + 1, cancellationToken);
        PageLinks.Write(
            context, skip, limit, hasNext: found.Count > limit, (nameof(q), q), (nameof(category), category));
        return TypedResults.Ok(found.Take(limit).Select(ProductResponse.From).ToArray());
    }

    /// <summary>Exports all products, one JSON document a line, oldest first.</summary>
    internal static JsonLines<ProductResponse> ExportProducts(
        ProductService products, CancellationToken cancellationToken) =>
        new(products.StreamAsync(cancellationToken).Select(ProductResponse.From), "products.ndjson");

    /// <summary>Reads one product. With If-None-Match, the response to an unchanged product is 304.</summary>
    internal static async Task<Results<Ok<ProductResponse>, NotFound, StatusCodeHttpResult>> GetProduct(
        long id,
        [AsParameters] Preconditions preconditions,
        HttpContext context,
        ProductService products,
        CancellationToken cancellationToken)
    {
        if (await products.FindAsync(id, cancellationToken) is not { } product)
        {
            return TypedResults.NotFound();
        }

        var tag = EntityTags.Of(product.Version);
        EntityTags.Write(context.Response, tag);
        return preconditions.StatusOfRead(tag) is not StatusCodes.Status200OK and var status
            ? TypedResults.StatusCode(status)
            : TypedResults.Ok(ProductResponse.From(product));
    }

    /// <summary>Adds a product.</summary>
    internal static async Task<Created<ProductResponse>> CreateProduct(
        ProductRequest request, HttpContext context, ProductService products, CancellationToken cancellationToken)
    {
        var product = await products.CreateAsync(request.ToFields(), cancellationToken);
        EntityTags.Write(context.Response, EntityTags.Of(product.Version));
        return TypedResults.Created($"{context.Request.PathBase}{ApiV1.Prefix}/products/{product.Id}", ProductResponse.From(product));
    }

    /// <summary>Replaces all fields of a product. With If-Match, only if it still has that version.</summary>
    internal static async Task<Results<Ok<ProductResponse>, ProblemHttpResult>> ReplaceProduct(
        long id,
        ProductRequest request,
        [AsParameters] Preconditions preconditions,
        HttpContext context,
        ProductService products,
        CancellationToken cancellationToken) =>
        ToResult(context, await products.UpdateAsync(
            id,
            ProductPatch.Replace(request.ToFields()),
            product => preconditions.AllowChange(EntityTags.Of(product.Version)),
            cancellationToken));

    /// <summary>Changes some fields of a product. With If-Match, only if it still has that version.</summary>
    internal static async Task<Results<Ok<ProductResponse>, ProblemHttpResult>> PatchProduct(
        long id,
        ProductPatchRequest request,
        [AsParameters] Preconditions preconditions,
        HttpContext context,
        ProductService products,
        CancellationToken cancellationToken) =>
        ToResult(context, await products.UpdateAsync(
            id, request.ToPatch(), product => preconditions.AllowChange(EntityTags.Of(product.Version)), cancellationToken));

    /// <summary>Deletes a product. With If-Match, only if it still has that version.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteProduct(
        long id,
        [AsParameters] Preconditions preconditions,
        ProductService products,
        CancellationToken cancellationToken)
    {
        var change = await products.DeleteAsync(id, product => preconditions.AllowChange(EntityTags.Of(product.Version)), cancellationToken);
        return change.Status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(change.Status);
    }

    private static Results<Ok<ProductResponse>, ProblemHttpResult> ToResult(HttpContext context, ProductChange change)
    {
        if (change is not { Status: ChangeStatus.Done, Product: { } product })
        {
            return ChangeProblems.From(change.Status);
        }

        EntityTags.Write(context.Response, EntityTags.Of(product.Version));
        return TypedResults.Ok(ProductResponse.From(product));
    }
}
