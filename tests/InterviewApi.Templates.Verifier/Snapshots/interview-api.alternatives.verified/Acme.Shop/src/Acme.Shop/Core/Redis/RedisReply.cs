namespace Acme.Shop.Core.Redis;

/// <summary>What Redis said, or that it said nothing in time.</summary>
public readonly record struct RedisReply<T>(bool IsAnswered, T? Value);
