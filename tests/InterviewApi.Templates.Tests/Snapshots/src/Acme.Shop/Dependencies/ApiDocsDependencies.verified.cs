using Acme.Shop.Api.V1;
using Acme.Shop.Api.V2;
using Acme.Shop.Core.OpenApi;

namespace Acme.Shop.Dependencies;

/// <summary>Whether the OpenAPI documents and their pages are served.</summary>
public sealed class DocsOptions
{
    /// <value>The default is true in Development and false elsewhere.</value>
    public bool? Enabled { get; set; }
}

/// <summary>One OpenAPI document per version, and two pages that show them. Either all are served or none.</summary>
public static class ApiDocsDependencies
{
    private static readonly string[] Versions = [ApiV1.Name, ApiV2.Name];

    public static void AddApiDocs(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<DocsOptions>().BindSection("Docs");
        foreach (var version in Versions)
        {
            services.AddOpenApi(version, document => document
                .AddOperationTransformer(DocumentTransformers.NameOperation)
                .AddSchemaTransformer(DocumentTransformers.DescribeValidation)
                .AddSchemaTransformer(DocumentTransformers.DescribeMergePatch));
        }
    }

    /// <summary>Serves <c>/openapi/{version}.json</c>, <c>/docs</c> and <c>/redoc</c>.</summary>
    public static void UseApiDocs(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<DocsOptions>>().Value;
        if (!(options.Enabled ?? app.Environment.IsDevelopment()))
        {
            return;
        }

        // The pages use relative paths to the documents, which also work behind a path prefix. The framework's own response to
        // an unknown document name is plain text that repeats the name.
        app.MapOpenApi("/openapi/{documentName}.json").AddEndpointFilter(async (context, next) =>
            Versions.Contains(context.HttpContext.GetRouteValue("documentName") as string, StringComparer.OrdinalIgnoreCase)
                ? await next(context)
                : TypedResults.NotFound());
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            Array.ForEach(Versions, version => page.SwaggerEndpoint($"../openapi/{version}.json", version));
        });
        app.UseReDoc(page =>
        {
            page.RoutePrefix = "redoc";
            page.SpecUrl = $"../openapi/{ApiV2.Name}.json";

            // The page in the package loads fonts from another host.
            page.IndexStream = () => typeof(ApiDocsDependencies).Assembly.GetManifestResourceStream("redoc.html");
        });
    }
}
