using System.Security.Cryptography;
using Acme.Shop.Services;
using Microsoft.Net.Http.Headers;

namespace Acme.Shop.Api.V2;

/// <summary>The categories of all products.</summary>
/// <param name="Items">The names in alphabetical order, at most 1,000.</param>
public sealed record CategoryList(IReadOnlyList<string> Items);

/// <summary>Categories change slowly, so clients and shared caches may keep the list for a while.</summary>
public static class CategoryEndpoints
{
    private const string CacheControl = "public, max-age=300";

    public static void MapCategories(this RouteGroupBuilder api) => api.MapGet("/categories", ListCategories)
        .WithTags("Products")
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);

    /// <summary>Lists the categories. The response may be reused for five minutes, and revalidated with If-None-Match.</summary>
    internal static async Task<Results<Ok<CategoryList>, StatusCodeHttpResult>> ListCategories(
        [AsParameters] Preconditions preconditions, HttpContext context, ProductService products, CancellationToken cancellationToken)
    {
        var categories = await products.ListCategoriesAsync(cancellationToken);
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(categories));
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.AsSpan(0, 8))}\"");
        var status = preconditions.StatusOfRead(tag);
        if (status == StatusCodes.Status412PreconditionFailed)
        {
            return TypedResults.StatusCode(status);
        }

        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = CacheControl;
        return status == StatusCodes.Status200OK ? TypedResults.Ok(new CategoryList(categories)) : TypedResults.StatusCode(status);
    }
}
