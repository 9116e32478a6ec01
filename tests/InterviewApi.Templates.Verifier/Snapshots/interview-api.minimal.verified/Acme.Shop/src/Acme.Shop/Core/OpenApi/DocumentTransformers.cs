using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Acme.Shop.Core.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Acme.Shop.Core.OpenApi;

/// <summary>Names each operation after its handler, so that generated clients have sensible method names.</summary>
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

/// <summary>
/// Documents what validation attributes enforce and the framework leaves out. A required member is neither null nor
/// blank; its C# type is nullable only so that a validation error names a missing one.
/// </summary>
public sealed class ValidationSchemaTransformer : IOpenApiSchemaTransformer
{
    // The framework's mark for a member whose type is a component and whose value may be null.
    private const string NullableProperty = "x-is-nullable-property";

    public Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo?.AttributeProvider is not MemberInfo member)
        {
            return Task.CompletedTask;
        }

        if (schema.Pattern is { } pattern && !pattern.StartsWith('^'))
        {
            // Anchored, because the attribute matches the whole value.
            schema.Pattern = $"^(?:{pattern})$";
        }

        if (member.IsDefined(typeof(RequiredAttribute)))
        {
            schema.Type &= ~JsonSchemaType.Null;
            schema.Metadata?.Remove(NullableProperty);
            if (schema.Type == JsonSchemaType.String)
            {
                schema.MinLength = Math.Max(schema.MinLength ?? 0, 1);
                schema.Pattern ??= @"\S";
            }
        }

        if (member.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            schema.Enum = [.. allowed.Values.Select(value => JsonValue.Create(value?.ToString())!)];
        }

        return Task.CompletedTask;
    }
}

/// <summary>Documents a merge patch as the replacing request with all members optional.</summary>
public sealed class MergePatchSchemaTransformer : IOpenApiSchemaTransformer
{
    // The framework's mark for a schema that becomes a component; a nested schema of a patch must not.
    private const string SchemaId = "x-schema-id";

    public async Task TransformAsync(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(MergePatch<>))
        {
            return;
        }

        var request = await context.GetOrCreateSchemaAsync(
            type.GetGenericArguments()[0], cancellationToken: cancellationToken);
        schema.Type = JsonSchemaType.Object;
        schema.Properties = request.Properties?.ToDictionary(member => member.Key, member => Optional(member.Value));
        schema.Description = "A JSON merge patch (RFC 7396): an absent member stays as it is, and null clears it.";
    }

    private static IOpenApiSchema Optional(IOpenApiSchema schema)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } nested)
        {
            return schema;
        }

        return new OpenApiSchema
        {
            Type = nested.Type,
            Description = nested.Description,
            Properties = nested.Properties.ToDictionary(member => member.Key, member => Optional(member.Value)),
            Metadata = nested.Metadata?.Where(entry => entry.Key != SchemaId).ToDictionary(),
        };
    }
}
