namespace Acme.Shop.Schemas;

/// <summary>The caller, as the access token describes it.</summary>
public sealed record UserResponse(string Id, string? Username, string? Email, IReadOnlyList<string> Roles);
