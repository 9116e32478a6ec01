using InterviewApi.Core.Configuration;
using InterviewApi.Core.Files;
using InterviewApi.Events;
using InterviewApi.Repositories;
using InterviewApi.Services;

namespace InterviewApi.Dependencies;

/// <summary>The product resource.</summary>
public static class ProductDependencies
{
    public static IServiceCollection AddProducts(this IServiceCollection services)
    {
        services.AddCheckedOptions<UploadOptions>(UploadOptions.Section);
        services.AddSingleton<ImageFiles>();
        services.AddScoped<IProductRepository, ProductRepository>();
        services.AddScoped<IProductService, ProductService>();
        services.AddEvents();
        services.AddEventHandler<ProductChanged, ProductChangeLog>();
        return services;
    }
}
