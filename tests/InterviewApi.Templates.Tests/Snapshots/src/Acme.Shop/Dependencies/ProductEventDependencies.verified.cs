using Acme.Shop.Events;

namespace Acme.Shop.Dependencies;

/// <summary>The handlers of product events. Each of them runs at least once for each event.</summary>
public static class ProductEventDependencies
{
    public static void AddProductEvents(this IServiceCollection services)
    {
        services.AddEventHandler<ProductChanged, ProductChangeLog>();
@@ websockets=true
        services.AddEventHandler<ProductChanged, ProductBroadcaster>();
@@ always
    }
}
