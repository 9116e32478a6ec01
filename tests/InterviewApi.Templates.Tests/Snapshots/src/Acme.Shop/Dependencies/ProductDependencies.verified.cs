using Acme.Shop.Repositories;
using Acme.Shop.Services;

namespace Acme.Shop.Dependencies;

/// <summary>The product resource.</summary>
public static class ProductDependencies
{
    public static void AddProducts(this IServiceCollection services)
    {
        services.AddScoped<ProductService>();
        services.AddScoped<ProductRepository>();
@@ cache=memory|redis
        services.AddSingleton<LocalChanges>();
        services.AddScoped<ProductRepository, CachedProductRepository>();
@@ sample=full|none
        services.AddScoped<ProductImageService>();
        services.AddScoped<ProductService, ProductImageService>();
        services.AddUploads();
        services.AddProductEvents();
        services.AddExchangeRates();
@@ always
    }
}
