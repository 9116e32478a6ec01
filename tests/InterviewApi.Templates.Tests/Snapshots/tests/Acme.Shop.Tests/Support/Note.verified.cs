namespace Acme.Shop.Tests.Support;

/// <summary>Something to keep in a cache.</summary>
public sealed record Note(string Text);
