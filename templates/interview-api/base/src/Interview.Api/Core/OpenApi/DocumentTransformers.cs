using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace InterviewApi.Core.OpenApi;

/// <summary>Documents what the framework leaves out.</summary>
public static class DocumentTransformers
{
    // The framework's marks for a member whose value may be null, and for a schema that becomes a component.
    private const string NullableProperty = "x-is-nullable-property";
    private const string SchemaId = "x-schema-id";

    /// <summary>Names each operation after its handler, so that generated clients have sensible method names.</summary>
    public static Task NameOperation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken _)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<MethodInfo>().FirstOrDefault() is { } handler)
        {
            operation.OperationId ??= JsonNamingPolicy.CamelCase.ConvertName(handler.Name);
        }

        return Task.CompletedTask;
    }

    /// <summary>Documents validation attributes. A required member is neither null nor blank.</summary>
    // Its C# type is nullable only so that a validation error names a missing one.
    public static Task DescribeValidation(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken _)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames(type).Select(name => JsonValue.Create(name))];
        }

        if (schema.Format is not null)
        {
            // The framework does not know which type a converter of this project reads.
            schema.Type ??= JsonSchemaType.String | (type == context.JsonTypeInfo.Type ? 0 : JsonSchemaType.Null);
        }

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
            if (context.JsonTypeInfo.Type == typeof(string))
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

    /// <summary>Documents a merge patch as the replacing request with all members optional.</summary>
    public static async Task DescribeMergePatch(
        OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(MergePatch<>))
        {
            var request = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], cancellationToken: cancellationToken);
            schema.Type = JsonSchemaType.Object;
            schema.Properties = request.Properties?.ToDictionary(member => member.Key, member => Optional(member.Value));
            schema.Description = "A JSON merge patch (RFC 7396): an absent member stays as it is, and null clears it.";
        }
    }

    // A nested schema of a patch must not become a component: its members are optional.
    private static IOpenApiSchema Optional(IOpenApiSchema schema) => schema is OpenApiSchema { Properties.Count: > 0 } nested
        ? new OpenApiSchema
        {
            Type = nested.Type,
            Description = nested.Description,
            Properties = nested.Properties.ToDictionary(member => member.Key, member => Optional(member.Value)),
            Metadata = nested.Metadata?.Where(entry => entry.Key != SchemaId).ToDictionary(),
        }
        : schema;
}
