namespace Acme.Shop.Core.RateLimiting;

/// <summary>Where a client stands after a request.</summary>
/// <param name="Remaining">How many more requests it may make now.</param>
/// <param name="Reset">When it may make one more than that.</param>
public readonly record struct RateLimitCount(bool IsAdmitted, int Remaining, TimeSpan Reset);
