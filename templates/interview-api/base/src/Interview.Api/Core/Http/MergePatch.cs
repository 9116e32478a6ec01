using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace InterviewApi.Core.Http;

/// <summary>A JSON merge patch (RFC 7396): an absent member is unchanged, and null clears it.</summary>
/// <typeparam name="TRequest">The request that replaces the resource.</typeparam>
[JsonConverter(typeof(MergePatchConverter))]
public sealed class MergePatch<TRequest>(JsonElement patch, JsonSerializerOptions options)
    where TRequest : notnull
{
    /// <exception cref="InvalidRequestException">The result violates a validation rule.</exception>
    public TRequest ApplyTo(TRequest current)
    {
        var target = JsonSerializer.SerializeToNode(current, options)!.AsObject();
        Merge(target, patch);
        var result = target.Deserialize<TRequest>(options)!;
        InvalidRequestException.ThrowIfInvalid(result);
        return result;
    }

    internal static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    target.Remove(member.Name);
                    break;
                case JsonValueKind.Object:
                    var nested = target[member.Name] as JsonObject ?? new JsonObject(target.Options);
                    target[member.Name] = nested;
                    Merge(nested, member.Value);
                    break;
                default:
                    target[member.Name] = JsonSerializer.SerializeToNode(member.Value);
                    break;
            }
        }
    }
}

/// <summary>Reads a patch. Values of the wrong type are rejected immediately, with their path.</summary>
public sealed class MergePatchConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(MergePatch<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(
            typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<TRequest> : JsonConverter<MergePatch<TRequest>>
        where TRequest : notnull
    {
        public override MergePatch<TRequest> Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var patch = JsonElement.ParseValue(ref reader);
            _ = patch.Deserialize<TRequest>(options);

            // The line above skips unknown members, whose names and values may not be valid Unicode.
            MergePatch<TRequest>.Merge([], patch);
            return new MergePatch<TRequest>(patch, options);
        }

        public override void Write(Utf8JsonWriter writer, MergePatch<TRequest> value, JsonSerializerOptions options) =>
            throw new NotSupportedException("A patch is only read.");
    }
}

/// <summary>A request that violates validation rules. The response is 400 with the errors of each field.</summary>
public sealed class InvalidRequestException(Dictionary<string, string[]> errors)
    : BadHttpRequestException("The request is not valid.")
{
    public Dictionary<string, string[]> Errors { get; } = errors;

    /// <summary>Validates an object and its nested objects by their data annotations.</summary>
    public static void ThrowIfInvalid(object request)
    {
        var errors = ErrorsOf(request, "").ToLookup(error => error.Member, error => error.Message);
        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors.ToDictionary(error => error.Key, error => error.ToArray()));
        }
    }

    private static IEnumerable<(string Member, string Message)> ErrorsOf(object value, string path)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(value, new ValidationContext(value), results, validateAllProperties: true);
        var errors =
            from result in results
            from member in result.MemberNames.DefaultIfEmpty("")
            select (path + member, result.ErrorMessage ?? "The value is not valid.");
        var nested =
            from property in value.GetType().GetProperties()
            where property.PropertyType.Assembly == value.GetType().Assembly
            let child = property.GetValue(value)
            where child is not null
            from error in ErrorsOf(child, $"{path}{property.Name}.")
            select error;
        return errors.Concat(nested);
    }
}
