namespace Acme.Shop.Core.RateLimiting;

/// <summary>Tells, as metadata of an endpoint, which policy counts its requests instead of the default one.</summary>
public sealed record RateLimitPolicyName(string Name);
