using Acme.Shop.Models;
using Acme.Shop.Schemas.V1;
using Acme.Shop.Schemas.Validation;
using Acme.Shop.Services;

namespace Acme.Shop.Api.V1;

/// <summary>Products in the shape of version 1, in pages by offset.</summary>
public static class ProductEndpoints
{
    private static readonly ProductHandlers<ProductRequest, ProductResponse> Handlers =
        new(ApiV1.Prefix, ProductRequest.From, ProductResponse.From);

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

    /// <summary>Lists products, oldest first, with links to the next and the previous page.</summary>
    /// <param name="q">Part of the name or the description. Case is ignored.</param>
    /// <param name="category">The exact category.</param>
    internal static async Task<Ok<ProductResponse[]>> ListProducts(
        HttpContext context, ProductService products, [AsParameters] Paging paging, CancellationToken cancellationToken,
        [StringLength(Product.MaxNameLength), PlainText] string? q = null,
        [StringLength(Product.MaxCategoryLength), PlainText] string? category = null)
    {
        // One item beyond the page shows whether there is a next page.
        var found = await products.ListAsync(new ProductQuery(q, category, paging.Limit + 1, Skip: paging.Skip), cancellationToken);
        PageLinks.Write(context, paging, found.Count > paging.Limit, (nameof(q), q), (nameof(category), category));
        return TypedResults.Ok(found.Take(paging.Limit).Select(ProductResponse.From).ToArray());
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
