using Acme.Shop.Models;
using Acme.Shop.Schemas;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Mvc;

namespace Acme.Shop.Api;

/// <summary>The parameters that the handlers of one product share.</summary>
public sealed record ProductCall(
    long Id, [FromHeader(Name = "If-Match")] string? IfMatch, [FromHeader(Name = "If-None-Match")] string? IfNoneMatch,
    HttpContext Context, ProductService Products, CancellationToken CancellationToken)
{
    public Preconditions Preconditions => new(IfMatch, IfNoneMatch);

    public bool AllowsChange(Product product) => Preconditions.AllowChange(EntityTags.Of(product.Version));
}

/// <summary>The handlers that versions share except for the shapes. A version itself maps those that bind its request.</summary>
public sealed class ProductHandlers<TRequest, TResponse>(
    string prefix, Func<Product, TRequest> toRequest, Func<Product, TResponse> toResponse)
    where TRequest : ProductFields
{
    public RouteGroupBuilder Map(RouteGroupBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("Products");

        // No parameter here has anything to validate, and looking for it takes a fifth of a cached read.
        products.MapGet("/{id:long}", GetProduct).ProducesReadProblems().DisableValidation();
        products.MapPatch("/{id:long}", PatchProduct)
            .WithSummary("Changes some fields of a product. With If-Match, only if the product still has that version.")
            .Accepts<MergePatch<TRequest>>("application/merge-patch+json", "application/json")
            .ProducesChangeProblems();
        products.MapDelete("/{id:long}", DeleteProduct).ProducesChangeProblems();
@@ sample=full|none
        products.MapExport(ExportProducts);
@@ always
        return products;
    }

    /// <summary>Gets a product. With If-None-Match, the response to an unchanged product is 304.</summary>
    internal async Task<Results<Ok<TResponse>, ProblemHttpResult, StatusCodeHttpResult>> GetProduct(
        [AsParameters] ProductCall call)
    {
        if (await call.Products.FindAsync(call.Id, call.CancellationToken) is not { } product)
        {
            return ChangeProblems.From(ChangeStatus.NotFound);
        }

        var tag = EntityTags.Of(product.Version);
        EntityTags.Write(call.Context.Response, tag);
        var status = call.Preconditions.StatusOfRead(tag);
        return status == StatusCodes.Status200OK ? TypedResults.Ok(toResponse(product)) : TypedResults.StatusCode(status);
    }

    // The summary is set where this is mapped: the comment of a method with a generic parameter type is not found.
    internal Task<Results<Ok<TResponse>, ProblemHttpResult>> PatchProduct(
        [AsParameters] ProductCall call, MergePatch<TRequest> patch) =>
        UpdateAsync(call, product => patch.ApplyTo(toRequest(product)).ApplyTo(product));

    /// <summary>Deletes a product. With If-Match, only if the product still has that version.</summary>
    internal async Task<Results<NoContent, ProblemHttpResult>> DeleteProduct([AsParameters] ProductCall call)
    {
        var change = await call.Products.DeleteAsync(call.Id, call.AllowsChange, call.CancellationToken);
        return change.Status == ChangeStatus.Done ? TypedResults.NoContent() : ChangeProblems.From(change.Status);
    }
@@ sample=full|none

    /// <summary>Exports all products, oldest first, one JSON document per line.</summary>
    internal JsonLines<TResponse> ExportProducts(ProductService products, CancellationToken cancellationToken) =>
        new(products.StreamAsync(cancellationToken).Select(toResponse), "products.ndjson");
@@ always

    public async Task<Created<TResponse>> CreateAsync(
        TRequest request, HttpContext context, ProductService products, CancellationToken cancellationToken)
    {
        var product = await products.CreateAsync(request.ToProduct(), cancellationToken);
        EntityTags.Write(context.Response, EntityTags.Of(product.Version));
        return TypedResults.Created($"{context.Request.PathBase}{prefix}/products/{product.Id}", toResponse(product));
    }

    public async Task<Results<Ok<TResponse>, ProblemHttpResult>> UpdateAsync(ProductCall call, Action<Product> change)
    {
        var result = await call.Products.UpdateAsync(call.Id, change, call.AllowsChange, call.CancellationToken);
        if (result.Product is not { } product)
        {
            return ChangeProblems.From(result.Status);
        }

        EntityTags.Write(call.Context.Response, EntityTags.Of(product.Version));
        return TypedResults.Ok(toResponse(product));
    }
}
