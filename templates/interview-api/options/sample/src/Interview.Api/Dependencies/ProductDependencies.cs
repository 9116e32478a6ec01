using InterviewApi.Repositories;
using InterviewApi.Services;

namespace InterviewApi.Dependencies;

/// <summary>The product resource.</summary>
public static class ProductDependencies
{
    public static void AddProducts(this IServiceCollection services)
    {
        services.AddScoped<ProductService>();
        services.AddScoped<ProductRepository>();
#if (UseCache)
        services.AddSingleton<LocalChanges>();
        services.AddScoped<ProductRepository, CachedProductRepository>();
#endif
#if (UseFullSample)
        services.AddScoped<ProductImageService>();
        services.AddScoped<ProductService, ProductImageService>();
        services.AddUploads();
        services.AddProductEvents();
        services.AddExchangeRates();
#endif
    }
}
