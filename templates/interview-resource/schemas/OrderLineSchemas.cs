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
}
#endif
