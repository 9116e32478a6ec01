using Microsoft.Extensions.Caching.Hybrid;

namespace Acme.Shop.Services;

/// <summary>Caches rates, and which currencies have none. While the service fails, an expired rate is used.</summary>
public sealed class CachedExchangeRates(HttpClient http, ILogger<ExchangeRates> logger, HybridCache cache)
    : ExchangeRates(http, logger)
{
    public override async Task<decimal?> FindAsync(string currency, CancellationToken cancellationToken) =>
        await cache.GetOrCreateAsync(
            $"exchange-rate:v1:{currency}",
            async token => await base.FindAsync(currency, token),
            cancellationToken: cancellationToken);
}
