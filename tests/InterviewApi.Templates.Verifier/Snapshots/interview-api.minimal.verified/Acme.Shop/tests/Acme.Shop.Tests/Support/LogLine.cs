namespace Acme.Shop.Tests.Support;

/// <summary>A log line with the text of the scopes that it was written in.</summary>
public sealed record LogLine(string Message, string Scopes);
