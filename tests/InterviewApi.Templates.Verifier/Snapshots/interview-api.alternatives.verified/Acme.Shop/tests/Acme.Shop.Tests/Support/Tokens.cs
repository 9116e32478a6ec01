namespace Acme.Shop.Tests.Support;

/// <summary>What the token endpoint gave.</summary>
public sealed record Tokens(string Access, string Refresh);
