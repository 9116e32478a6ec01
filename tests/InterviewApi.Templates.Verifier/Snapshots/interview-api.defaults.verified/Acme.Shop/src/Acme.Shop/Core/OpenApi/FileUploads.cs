using Microsoft.OpenApi;

namespace Acme.Shop.Core.OpenApi;

/// <summary>Documents endpoints that read a file from the request themselves.</summary>
public static class FileUploads
{
    private const string ContentType = "multipart/form-data";

    /// <summary>The endpoint takes a form with one file, and nothing else.</summary>
    public static RouteHandlerBuilder AcceptsFile(this RouteHandlerBuilder endpoint, string field) => endpoint
        .Accepts<IFormFile>(ContentType)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ContentType] = new() { Schema = SchemaOf(field) },
                },
            };
            return Task.CompletedTask;
        });

    private static OpenApiSchema SchemaOf(string field) => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { field },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            [field] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
        },
    };
}
