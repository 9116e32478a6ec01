#if (ReadsTimes)
using System.Text.Json.Serialization;
#endif
using InterviewApi.Models;
#if (HasPlainText)
using InterviewApi.Schemas.Validation;
#endif

namespace InterviewApi.Schemas%.V2%;

/// <summary>%An order line%.</summary>
public sealed record OrderLineResponse(
    long Id,
%response parameters%
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    int Version)
{
    public static OrderLineResponse From(OrderLine orderLine) => new(
        orderLine.Id,
%response arguments%
        orderLine.CreatedAt,
        orderLine.UpdatedAt,
        orderLine.Version);
}

/// <summary>A page of order lines.</summary>
/// <param name="Items">The order lines of this page.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
public sealed record OrderLinePage(IReadOnlyList<OrderLineResponse> Items, string? NextCursor);
#if (CanWrite)

/// <summary>The fields of %an order line%.</summary>
public sealed record OrderLineRequest
{
%request properties%
    public static OrderLineRequest From(OrderLine orderLine) => new()
    {
%request initializers%
    };

    /// <summary>Copies the fields of a validated request.</summary>
    public void ApplyTo(OrderLine orderLine)
    {
%assignments%
    }
#endif
#if (ReadsTimes)

    /// <summary>Reads a time in UTC and in microseconds, as it is stored: the response to a write equals later reads.</summary>
    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var time = reader.GetDateTimeOffset();

            // Without an offset, it was read as the server's local time.
            return reader.GetDateTime().Kind == DateTimeKind.Unspecified
                ? throw new JsonException(null, new ValidationException("The time needs its offset from UTC, such as Z or -05:00."))
                : new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);
    }
#endif
#if (CanWrite)
}
#endif
