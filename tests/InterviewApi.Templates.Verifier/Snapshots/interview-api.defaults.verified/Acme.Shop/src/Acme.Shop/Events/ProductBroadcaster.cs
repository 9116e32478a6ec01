using Acme.Shop.Core.Realtime;
using Acme.Shop.Schemas.V2;

namespace Acme.Shop.Events;

/// <summary>
/// Tells the subscribers of <c>products</c> about each change. The product is shown as the current version of the API
/// shows it, so that its version number tells which of two events is the newer one.
/// </summary>
public sealed class ProductBroadcaster(IMessageBroadcaster broadcaster) : IHandler<ProductChanged>
{
    private const string Channel = "products";

    public Task HandleAsync(ProductChanged occurred, CancellationToken cancellationToken)
    {
        var data = ProductResponse.From(occurred.Product);
        broadcaster.Broadcast(Channel, ServerMessages.Event(Channel, NameOf(occurred.Kind), data));
        return Task.CompletedTask;
    }

    private static string NameOf(ProductChangeKind kind) => kind switch
    {
        ProductChangeKind.Created => "product.created",
        ProductChangeKind.Updated => "product.updated",
        _ => "product.deleted",
    };
}
