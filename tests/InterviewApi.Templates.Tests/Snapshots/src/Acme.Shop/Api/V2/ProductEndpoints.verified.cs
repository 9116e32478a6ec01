using System.ComponentModel.DataAnnotations;
using Acme.Shop.Core.Http;
using Acme.Shop.Models;
using Acme.Shop.Schemas.V2;
using Acme.Shop.Schemas.Validation;
using Acme.Shop.Services;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Acme.Shop.Api.V2;

/// <summary>Products in the shape of version 2, in pages by cursor.</summary>
public static class ProductEndpoints
{
    private static readonly ProductHandlers<ProductRequest, ProductResponse> Handlers =
        new(ApiV2.Prefix, ProductRequest.From, ProductResponse.From);

    public static void MapProducts(this RouteGroupBuilder api)
    {
        var products = Handlers.Map(api);
        products.MapGet("/", ListProducts).ProducesValidationProblem();
        products.MapPost("/", CreateProduct).ProducesValidationProblem();
        products.MapPut("/{id:long}", ReplaceProduct).ProducesChangeProblems();
    }

    /// <summary>Lists products, oldest first. Changes on earlier pages do not shift later ones.</summary>
    /// <param name="cursor">The nextCursor of the previous page; without it, the first page.</param>
    /// <param name="limit">The maximum number of products to return.</param>
    /// <param name="q">Part of the name or the description. Case is ignored.</param>
    /// <param name="category">The exact category.</param>
    internal static async Task<Ok<ProductPage>> ListProducts(
        ProductService products,
        CancellationToken cancellationToken,
        [Cursor] string? cursor = null,
        [Range(1, 100)] int limit = 20,
        [StringLength(Product.MaxNameLength), PlainText] string? q = null,
        [StringLength(Product.MaxCategoryLength), PlainText] string? category = null)
    {
        var afterId = cursor is not null && PageCursor.TryDecode(cursor, out var id) ? id : 0;

        // One item beyond the page shows whether there is a next page.
        var found = await products.ListAsync(new ProductQuery(q, category, limit + 1, AfterId: afterId), cancellationToken);
        var items = found.Take(limit).Select(ProductResponse.From).ToArray();
        return TypedResults.Ok(new ProductPage(items, found.Count > limit ? PageCursor.Encode(items[^1].Id) : null));
    }

    /// <summary>Creates a product.</summary>
    internal static Task<Created<ProductResponse>> CreateProduct(
        ProductRequest request, HttpContext context, ProductService products, CancellationToken cancellationToken) =>
        Handlers.CreateAsync(request, context, products, cancellationToken);

    /// <summary>Replaces a product. With If-Match, only if the product still has that version.</summary>
    internal static Task<Results<Ok<ProductResponse>, ProblemHttpResult>> ReplaceProduct(
        [AsParameters] ProductCall call, ProductRequest request) =>
        Handlers.UpdateAsync(call, request.ApplyTo);
}
