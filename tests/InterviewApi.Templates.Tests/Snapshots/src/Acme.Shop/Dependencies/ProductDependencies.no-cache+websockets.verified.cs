using Acme.Shop.Api;
using Acme.Shop.Api.V1;
using Acme.Shop.Api.V2;
using Acme.Shop.Core.Configuration;
using Acme.Shop.Core.Files;
using Acme.Shop.Core.OpenApi;
using Acme.Shop.Events;
using Acme.Shop.Repositories;
using Acme.Shop.Services;
using Microsoft.AspNetCore.OpenApi;

namespace Acme.Shop.Dependencies;

/// <summary>The product resource.</summary>
public static class ProductDependencies
{
    public static IServiceCollection AddProducts(this IServiceCollection services)
    {
        services.AddCheckedOptions<UploadOptions>(UploadOptions.Section);
        services.AddSingleton<ImageFiles>();
        services.AddSingleton<ImageUploadReader>();
        services.AddScoped<IProductRepository, ProductRepository>();
        services.AddScoped<IProductService, PublishingProductService>();
        services.AddKeyedScoped<IProductService, ProductService>(PublishingProductService.Behind);
        services.AddEvents();
        services.AddEventHandler<ProductChanged, ProductChangeLog>();
        services.AddEventHandler<ProductChanged, ProductBroadcaster>();
        services.DescribePatches();
        return services;
    }

    private static void DescribePatches(this IServiceCollection services)
    {
        services.Configure<OpenApiOptions>(ApiV1.Name, document => document.AddSchemaTransformer(
            new PatchSchemaTransformer<Schemas.V1.ProductPatchRequest, Schemas.V1.ProductRequest>()));
        services.Configure<OpenApiOptions>(ApiV2.Name, document => document.AddSchemaTransformer(
            new PatchSchemaTransformer<Schemas.V2.ProductPatchRequest, Schemas.V2.ProductRequest>()));
    }
}
