using InterviewApi.Repositories;
using InterviewApi.Services;

namespace InterviewApi.Dependencies;

/// <summary>The product resource.</summary>
public static class ProductDependencies
{
    public static IServiceCollection AddProducts(this IServiceCollection services)
    {
        services.AddScoped<ProductRepository>();
#if (UseCache)
        services.AddScoped<ProductService, CachedProductService>();
#endif
#if (!UseCache)
        services.AddScoped<ProductService>();
#endif
        services.AddUploads();
        services.AddEvents();
        return services;
    }
}
