using InterviewApi.Repositories;
using InterviewApi.Services;

namespace InterviewApi.Dependencies;

/// <summary>The product resource.</summary>
public static class ProductDependencies
{
    public static IServiceCollection AddProducts(this IServiceCollection services)
    {
        services.AddScoped<ProductService>();
        services.AddScoped<ProductRepository>();
#if (UseCache)
        services.AddScoped<ProductRepository, CachedProductRepository>();
#endif
#if (UseFullSample)
        services.AddUploads();
        services.AddEvents();
#endif
        return services;
    }
}
