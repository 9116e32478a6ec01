using System.Text.Json.Serialization;
using Acme.Shop.Core.Events;
using Acme.Shop.Models;
using Acme.Shop.Schemas.V2;

namespace Acme.Shop.Events;

[JsonConverter(typeof(JsonStringEnumConverter<ProductChangeKind>))]
public enum ProductChangeKind
{
    Created,
    Updated,
    Deleted,
}

/// <summary>A product was changed.</summary>
/// <param name="Product">The product after the change, or before it was deleted, as the current API version returns it.</param>
public sealed record ProductChanged(ProductChangeKind Kind, ProductResponse Product) : IEvent
{
    public static string Type => "product.changed";

    [JsonIgnore]
    public string Aggregate => string.Create(CultureInfo.InvariantCulture, $"product:{Product.Id}");

    public static ProductChanged From(ProductChangeKind kind, Product product) => new(kind, ProductResponse.From(product));
}

/// <summary>Logs each change of a product, with the trace id of the request that made it.</summary>
public sealed class ProductChangeLog(ILogger<ProductChangeLog> logger) : IHandler<ProductChanged>
{
    public Task HandleAsync(EventMessage<ProductChanged> message, CancellationToken cancellationToken)
    {
        var (kind, product) = message.Event;
        logger.LogInformation("Product {ProductId} was changed: {Kind}, version {Version}.", product.Id, kind, product.Version);
        return Task.CompletedTask;
    }
}
