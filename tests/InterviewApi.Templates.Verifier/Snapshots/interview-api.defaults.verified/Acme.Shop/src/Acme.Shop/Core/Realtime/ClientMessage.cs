namespace Acme.Shop.Core.Realtime;

/// <summary>What a client says: an action, and what that needs.</summary>
public sealed record ClientMessage(string? Action, string? Channel, string? Content);
