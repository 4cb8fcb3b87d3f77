using Microsoft.Extensions.Logging;

namespace Harmony.Http.Adapters.Http;

/// <summary>Tells Kestrel that a response ends before its end. What led to it has been logged.</summary>
internal sealed class BrokenOffResponseException() : Exception("the response breaks off");

/// <summary>The loggers of the gateway for Kestrel, without its error for an exception that it gets on purpose.</summary>
internal sealed class KestrelLoggers(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new KestrelLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <summary>Does nothing: the loggers outlive the listener.</summary>
    public void Dispose()
    {
    }

    private sealed class KestrelLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not BrokenOffResponseException) inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
