using System.ComponentModel.DataAnnotations;
using Acme.Shop.Core.Http;
using Acme.Shop.Models;
using Acme.Shop.Schemas.V1;
using Acme.Shop.Schemas.Validation;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Acme.Shop.Api.V1;

/// <summary>Products in the shape of version 1. The OpenAPI document takes its summaries from the handlers.</summary>
public static class ProductEndpoints
{
    public static void MapProducts(this RouteGroupBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("Products");
        products.MapGet("/", ListProducts).ProducesValidationProblem();
        products.MapGet("/{id:long}", GetProduct).ProducesReadProblems();
        products.MapPost("/", CreateProduct).ProducesValidationProblem();
        products.MapPut("/{id:long}", ReplaceProduct).ProducesChangeProblems();
        products.MapPatch("/{id:long}", PatchProduct)
            .Accepts<MergePatch<ProductRequest>>("application/merge-patch+json", "application/json")
            .ProducesChangeProblems();
        products.MapDelete("/{id:long}", DeleteProduct).ProducesChangeProblems();
@@ sample=full|none
        products.MapExport(ExportProducts);
@@ always
    }

    /// <summary>Lists products, oldest first, with links to the next and the previous page.</summary>
    /// <param name="skip">The number of products to skip.</param>
    /// <param name="limit">The maximum number of products to return.</param>
    /// <param name="q">Part of the name or the description. Case is ignored.</param>
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
        // One item beyond the page shows whether there is a next page.
        var found = await products.ListAsync(new ProductFilter(q, category), skip, limit + 1, cancellationToken);
        PageLinks.Write(
            context, skip, limit, hasNext: found.Count > limit, (nameof(q), q), (nameof(category), category));
        return TypedResults.Ok(found.Take(limit).Select(ProductResponse.From).ToArray());
    }

    /// <summary>Gets a product. With If-None-Match, the response to an unchanged product is 304.</summary>
    internal static Task<Results<Ok<ProductResponse>, ProblemHttpResult, StatusCodeHttpResult>> GetProduct(
        [AsParameters] ProductCall call) =>
        call.GetAsync(ProductResponse.From);

    /// <summary>Creates a product.</summary>
    internal static async Task<Created<ProductResponse>> CreateProduct(
        ProductRequest request, HttpContext context, ProductService products, CancellationToken cancellationToken)
    {
        var product = await products.CreateAsync(request.ToProduct(), cancellationToken);
        EntityTags.Write(context.Response, EntityTags.Of(product.Version));
        return TypedResults.Created(
            $"{context.Request.PathBase}{ApiV1.Prefix}/products/{product.Id}", ProductResponse.From(product));
    }

    /// <summary>Replaces a product. With If-Match, only if the product still has that version.</summary>
    internal static Task<Results<Ok<ProductResponse>, ProblemHttpResult>> ReplaceProduct(
        [AsParameters] ProductCall call, ProductRequest request) =>
        call.UpdateAsync(request.ApplyTo, ProductResponse.From);

    /// <summary>Changes some fields of a product. With If-Match, only if the product still has that version.</summary>
    internal static Task<Results<Ok<ProductResponse>, ProblemHttpResult>> PatchProduct(
        [AsParameters] ProductCall call, MergePatch<ProductRequest> patch) =>
        call.UpdateAsync(product => patch.ApplyTo(ProductRequest.From(product)).ApplyTo(product), ProductResponse.From);

    /// <summary>Deletes a product. With If-Match, only if the product still has that version.</summary>
    internal static Task<Results<NoContent, ProblemHttpResult>> DeleteProduct([AsParameters] ProductCall call) =>
        call.DeleteAsync();
@@ sample=full|none

    /// <summary>Exports all products, oldest first, one JSON document per line.</summary>
    internal static JsonLines<ProductResponse> ExportProducts(
        ProductService products, CancellationToken cancellationToken) =>
        new(products.StreamAsync(cancellationToken).Select(ProductResponse.From), "products.ndjson");
@@ always
}
