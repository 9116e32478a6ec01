using System.Text.Json.Serialization;

namespace InterviewApi.Core.Http;

/// <summary>Reads an enum from JSON as one of its names, in any case, and writes its name.</summary>
// The framework's converter also reads several names in one text. If their sum has no name, it cannot be written.
public sealed class EnumNameConverter : JsonConverterFactory
{
    /// <summary>Returns the enum name that matches a text in any case; null if there is none.</summary>
    public static string? FindName(Type type, string? text) =>
        Array.Find(Enum.GetNames(type), name => name.Equals(text, StringComparison.OrdinalIgnoreCase));

    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<TEnum> : JsonConverter<TEnum>
        where TEnum : struct, Enum
    {
        public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null);

        public override TEnum ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString());

        public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());

        public override void WriteAsPropertyName(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.ToString());

        private static TEnum Parse(string? text) => Enum.Parse<TEnum>(FindName(typeof(TEnum), text) ?? throw new JsonException(
            null, new ValidationException($"The value must be one of {string.Join(", ", Enum.GetNames<TEnum>())}.")));
    }
}
