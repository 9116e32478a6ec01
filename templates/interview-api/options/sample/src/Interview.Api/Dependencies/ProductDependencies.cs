using InterviewApi.Api.V1;
using InterviewApi.Api.V2;
using InterviewApi.Core.OpenApi;
using InterviewApi.Repositories;
using InterviewApi.Services;
using Microsoft.AspNetCore.OpenApi;

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
