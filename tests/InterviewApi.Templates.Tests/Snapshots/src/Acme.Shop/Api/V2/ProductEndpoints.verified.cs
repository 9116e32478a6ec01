using Acme.Shop.Models;
using Acme.Shop.Schemas.V2;
using Acme.Shop.Schemas.Validation;
using Acme.Shop.Services;

namespace Acme.Shop.Api.V2;

/// <summary>Products in the shape of version 2, in pages by cursor.</summary>
public static class ProductEndpoints
{
    private static readonly ProductHandlers<ProductRequest, ProductResponse> Handlers =
        new(ApiV2.Prefix, ProductRequest.From, ProductResponse.From);

    public static void MapProducts(this RouteGroupBuilder api)
    {
        var products = Handlers.Map(api);
        var list = products.MapGet("/", ListProducts);
        list.ProducesValidationProblem();
@@ rate-limiting=true sample=full|none
        list.RequireRateLimiting("search");
@@ always
        products.MapPost("/", CreateProduct).ProducesValidationProblem();
        products.MapPut("/{id:long}", ReplaceProduct).ProducesChangeProblems();
    }

    /// <summary>Lists products, oldest first. Changes on earlier pages do not shift later ones.</summary>
    /// <param name="q">Part of the name or the description. Case is ignored.</param>
    /// <param name="category">The exact category.</param>
    internal static async Task<Ok<ProductPage>> ListProducts(
        ProductService products, [AsParameters] CursorPaging paging, CancellationToken cancellationToken,
        [StringLength(Product.MaxNameLength), PlainText] string? q = null,
        [StringLength(Product.MaxCategoryLength), PlainText] string? category = null)
    {
        // One item beyond the page shows whether there is a next page.
        var query = new ProductQuery(q, category, paging.Limit + 1, AfterId: paging.GetStart());
        var found = await products.ListAsync(query, cancellationToken);
        var items = found.Take(paging.Limit).Select(ProductResponse.From).ToArray();
        return TypedResults.Ok(new ProductPage(items, found.Count > paging.Limit ? PageCursor.Encode(items[^1].Id) : null));
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
