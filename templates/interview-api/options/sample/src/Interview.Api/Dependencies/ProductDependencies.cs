using InterviewApi.Repositories;
using InterviewApi.Services;

namespace InterviewApi.Dependencies;

/// <summary>The product resource.</summary>
public static class ProductDependencies
{
    public static IServiceCollection AddProducts(this IServiceCollection services)
    {
        services.AddScoped<IProductRepository, ProductRepository>();
        services.AddScoped<IProductService, ProductService>();
        return services;
    }
}
