using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Acme.Shop.Core.OpenApi;

/// <summary>Names each operation after its handler, so that generated clients have methods with sensible names.</summary>
public sealed class OperationIdTransformer : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var handler = context.Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault();
        if (handler is not null)
        {
            operation.OperationId ??= JsonNamingPolicy.CamelCase.ConvertName(handler.Name);
        }

        return Task.CompletedTask;
    }
}
