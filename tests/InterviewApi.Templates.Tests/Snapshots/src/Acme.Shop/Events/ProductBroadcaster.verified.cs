using Acme.Shop.Core.Realtime;
using Acme.Shop.Schemas.V2;

namespace Acme.Shop.Events;

/// <summary>
/// Notifies the subscribers of <c>products</c> of each change. The event contains the product as the current API
/// version returns it; the product's version number shows which of two events is newer.
/// </summary>
public sealed class ProductBroadcaster(ConnectionManager connections) : IHandler<ProductChanged>
{
    private const string Channel = "products";

    public Task HandleAsync(ProductChanged occurred, CancellationToken cancellationToken)
    {
        var data = ProductResponse.From(occurred.Product);
        connections.Broadcast(Channel, ServerMessages.Event(Channel, NameOf(occurred.Kind), data));
        return Task.CompletedTask;
    }

    private static string NameOf(ProductChangeKind kind) => kind switch
    {
        ProductChangeKind.Created => "product.created",
        ProductChangeKind.Updated => "product.updated",
        _ => "product.deleted",
    };
}
