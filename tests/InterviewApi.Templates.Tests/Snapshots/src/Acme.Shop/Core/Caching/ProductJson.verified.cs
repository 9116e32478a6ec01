using System.Text.Json.Serialization;
using Acme.Shop.Models;

namespace Acme.Shop.Core.Caching;

/// <summary>How a product is written to Redis. A change of it needs a new version in the cache key.</summary>
[JsonSerializable(typeof(Product))]
internal sealed partial class ProductJson : JsonSerializerContext;
