using InterviewApi.Services;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace InterviewApi.Dependencies;

/// <summary>Puts the cache before the service of products.</summary>
public static class ProductCaching
{
    public static void CacheProducts(this IServiceCollection services)
    {
        services.AddScoped<ProductService>();
        services.Replace(
            ServiceDescriptor.KeyedScoped<IProductService, CachedProductService>(PublishingProductService.Behind));
#if (UseRedis)
        services.AddSingleton(Core.Caching.ProductJson.Default.Product);
#endif
    }
}
