using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Trying;

/// <summary>Keeps what the modules of a tried configuration log, debug lines too, until they are read.</summary>
internal sealed class TrialLog : ILoggerFactory
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];

    /// <summary>The lines since the last time.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_lock)
        {
            List<string> taken = [.. _lines];
            _lines.Clear();
            return taken;
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class Logger(TrialLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            lock (log._lock) log._lines.Add($"[{eventId.Id}] {category}: {formatter(state, exception)}");
        }
    }
}
