using Acme.Shop.Repositories;
using Acme.Shop.Services;

namespace Acme.Shop.Dependencies;

/// <summary>The product resource.</summary>
public static class ProductDependencies
{
    public static IServiceCollection AddProducts(this IServiceCollection services)
    {
        services.AddScoped<ProductService>();
        services.AddScoped<ProductRepository>();
@@ cache=memory|redis
        services.AddScoped<ProductRepository, CachedProductRepository>();
@@ sample=full|none
        services.AddUploads();
        services.AddEvents();
@@ always
        return services;
    }
}
