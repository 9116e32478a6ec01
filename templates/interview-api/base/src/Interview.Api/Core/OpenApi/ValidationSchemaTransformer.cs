using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace InterviewApi.Core.OpenApi;

/// <summary>
/// Documents what validation attributes enforce and the framework leaves out. A required member is neither null nor blank;
/// its C# type is nullable only so that a missing one is a validation error with a name.
/// </summary>
public sealed class ValidationSchemaTransformer : IOpenApiSchemaTransformer
{
    // How the framework marks a member whose type is a component and whose value may be null.
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
            // The attribute matches the whole value.
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
