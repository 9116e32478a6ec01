using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Acme.Shop.Core.OpenApi;

/// <summary>Shows a merge patch as what it is in JSON: the members of the whole request, none of them required.</summary>
public sealed class PatchSchemaTransformer<TPatch, TRequest> : IOpenApiSchemaTransformer
{
    public async Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type != typeof(TPatch))
        {
            return;
        }

        var request = await context.GetOrCreateSchemaAsync(typeof(TRequest), cancellationToken: cancellationToken);
        schema.Properties = request.Properties;
        schema.Required?.Clear();
    }
}
