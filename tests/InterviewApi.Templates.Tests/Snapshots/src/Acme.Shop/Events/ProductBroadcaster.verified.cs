using Acme.Shop.Core.Events;
using Acme.Shop.Core.Realtime;
using Acme.Shop.Repositories;

namespace Acme.Shop.Events;

/// <summary>Notifies the subscribers of <c>products</c> of each change. The version shows which of two events is newer.</summary>
public sealed class ProductBroadcaster(ConnectionManager connections, ProductRepository products) : IHandler<ProductChanged>
{
    private const string Channel = "products";

    public async Task HandleAsync(EventMessage<ProductChanged> message, CancellationToken cancellationToken)
    {
        // A subscriber that reads the product now gets the new one, even if the request has not ended yet.
        var (kind, product) = message.Event;
        await products.RefreshAsync(product.Id);
        connections.Broadcast(Channel, ServerMessages.Event(Channel, NameOf(kind), product));
    }

    private static string NameOf(ProductChangeKind kind) => kind switch
    {
        ProductChangeKind.Created => "product.created",
        ProductChangeKind.Updated => "product.updated",
        _ => "product.deleted",
    };
}
