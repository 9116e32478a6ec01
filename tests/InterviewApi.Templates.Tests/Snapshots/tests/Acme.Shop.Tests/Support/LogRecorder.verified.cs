using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Acme.Shop.Tests.Support;

/// <summary>Keeps what the application logs.</summary>
public sealed class LogRecorder : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<LogLine> Lines => _lines;

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
        // The lines are still read after the application has stopped.
    }

    private void Record(LogLevel level, EventId eventId, string message)
    {
        var scopes = new List<string?>();
        _scopes.ForEachScope((scope, all) => all.Add(scope?.ToString()), scopes);
        _lines.Enqueue(new LogLine(level, eventId.Id, message, string.Join(' ', scopes)));
    }

    private sealed class Logger(LogRecorder recorder) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => recorder._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            recorder.Record(logLevel, eventId, $"{formatter(state, exception)} {exception}");
    }
}

/// <summary>A log line with the text of its scopes.</summary>
public sealed record LogLine(LogLevel Level, int EventId, string Message, string Scopes);
