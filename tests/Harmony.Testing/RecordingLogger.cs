using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Harmony.Testing;

/// <summary>Keeps what is logged, for tests to look at.</summary>
public sealed class RecordingLogger : ILoggerProvider
{
    private readonly ConcurrentQueue<RecordedLine> _lines = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<RecordedLine>> _first = new();

    public IReadOnlyCollection<RecordedLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName, this);

    /// <summary>Whether a line of that event was written.</summary>
    public bool Has(int eventId) => _lines.Any(l => l.EventId == eventId);

    /// <summary>Waits for the first line of that event.</summary>
    public Task<RecordedLine> FirstAsync(int eventId) => First(eventId).Task.Guarded();

    public void Dispose()
    {
    }

    private void Add(RecordedLine line)
    {
        _lines.Enqueue(line);
        First(line.EventId).TrySetResult(line);
    }

    private TaskCompletionSource<RecordedLine> First(int eventId)
        => _first.GetOrAdd(eventId, _ => new TaskCompletionSource<RecordedLine>(TaskCreationOptions.RunContinuationsAsynchronously));

    private sealed class Category(string name, RecordingLogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => log.Add(new RecordedLine(name, logLevel, eventId.Id, formatter(state, exception), exception));
    }
}

/// <summary>One line of a log.</summary>
public sealed record RecordedLine(string Category, LogLevel Level, int EventId, string Message, Exception? Exception);
