using Microsoft.Extensions.Logging;

namespace InterviewApi.Tests.Support;

/// <summary>A log line with the text of its scopes.</summary>
public sealed record LogLine(LogLevel Level, int EventId, string Message, string Scopes);
