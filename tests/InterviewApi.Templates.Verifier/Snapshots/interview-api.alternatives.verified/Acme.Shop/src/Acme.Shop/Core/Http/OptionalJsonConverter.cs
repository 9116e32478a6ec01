using System.Text.Json;
using System.Text.Json.Serialization;

namespace Acme.Shop.Core.Http;

/// <summary>Reads a JSON member that is there, even as null, as a present value (RFC 7396).</summary>
public sealed class OptionalJsonConverter<T> : JsonConverter<Optional<T>>
{
    public override bool HandleNull => true;

    public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return new(JsonSerializer.Deserialize<T>(ref reader, options)!);
        }
        catch (JsonException exception)
        {
            // Its path begins at this member; the outer reader gives the new exception the path to here.
            throw new JsonException(null, exception);
        }
    }

    public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Or(default!), options);
}
