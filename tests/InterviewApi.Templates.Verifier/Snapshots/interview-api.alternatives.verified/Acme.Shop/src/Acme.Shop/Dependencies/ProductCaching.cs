using Acme.Shop.Services;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Acme.Shop.Dependencies;

/// <summary>Puts the cache before the service of products.</summary>
public static class ProductCaching
{
    public static void CacheProducts(this IServiceCollection services)
    {
        services.AddScoped<ProductService>();
        services.Replace(
            ServiceDescriptor.KeyedScoped<IProductService, CachedProductService>(PublishingProductService.Behind));
        services.AddSingleton(Core.Caching.ProductJson.Default.Product);
    }
}
