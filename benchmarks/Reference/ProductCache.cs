using System.Text.Json;
using StackExchange.Redis;

namespace Benchmarks.Reference;

/// <summary>Cache-aside: the JSON of a product in Redis for a minute.</summary>
internal sealed class ProductCache(IConnectionMultiplexer redis, ProductTable products)
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromMinutes(1);

    public async Task<Product?> FindAsync(long id, CancellationToken cancellationToken)
    {
        var database = redis.GetDatabase();
        var key = $"reference:product:{id}";
        byte[]? cached = await database.StringGetAsync(key);
        if (cached is not null)
        {
            return JsonSerializer.Deserialize<Product>(cached);
        }

        var product = await products.FindAsync(id, cancellationToken);
        if (product is not null)
        {
            await database.StringSetAsync(key, JsonSerializer.SerializeToUtf8Bytes(product), TimeToLive);
        }

        return product;
    }
}
