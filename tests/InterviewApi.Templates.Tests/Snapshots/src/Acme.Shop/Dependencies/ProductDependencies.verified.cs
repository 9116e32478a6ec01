using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Files;
using Acme.Shop.Events;
using Acme.Shop.Repositories;
using Acme.Shop.Services;

namespace Acme.Shop.Dependencies;

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
