using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>The logger of one category: decides, formats on the caller's thread, and hands the line to the writer.</summary>
internal sealed class CategoryLogger(string category, HarmonyLoggerProvider provider) : ILogger
{
    /// <summary>The web server's word on what clients do: <c>Kestrel.Http2</c>, <c>.Http3</c>, <c>.Connections</c>, <c>.BadRequests</c>.</summary>
    private readonly bool _isAboutConnections = category.StartsWith("Microsoft.AspNetCore.Server.Kestrel.", StringComparison.Ordinal);
    private CachedLevel _cached = CachedLevel.Of(category, provider.Levels.Current);

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => provider.Scopes?.Push(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= Minimum();

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // A flood of frames by one client does not end the program, and must not ring the pager.
        if (logLevel == LogLevel.Critical && _isAboutConnections) logLevel = LogLevel.Warning;
        if (!IsEnabled(logLevel)) return;

        var line = new LogLine(logLevel);
        var time = provider.Clock.GetUtcNow();
        try
        {
            var entry = new LogEntry
            {
                Time = time,
                Level = logLevel,
                Category = category,
                EventId = eventId,
                Message = formatter(state, exception) ?? "",
                Fields = state as IReadOnlyList<KeyValuePair<string, object?>>,
                Scopes = provider.Scopes,
                Exception = exception,
                ShowStack = exception is not null && ShowsStack(logLevel, exception),
            };
            provider.Export?.Write(entry);
            provider.Formatter.Format(entry, line);
        }
        catch (Exception failure)
        {
            // A value whose ToString fails spoils a line, not the request that wrote it.
            line.Clear();
            var message = $"a log line could not be formatted: {failure.GetType().Name}";
            provider.Formatter.Format(new() { Time = time, Level = logLevel, Category = category, EventId = eventId, Message = message }, line);
        }

        provider.Recent.Add(category, line);
        provider.Writer.Post(line);
    }

    // At level debug operators look for causes; at other levels only unforeseen exceptions have a stack.
    private bool ShowsStack(LogLevel level, Exception exception)
        => Minimum() <= LogLevel.Debug || (level >= LogLevel.Error && !provider.IsOrdinaryFault(exception));

    private LogLevel Minimum()
    {
        var rules = provider.Levels.Current;
        var cached = Volatile.Read(ref _cached);
        if (!ReferenceEquals(cached.Rules, rules))
        {
            cached = CachedLevel.Of(category, rules);
            Volatile.Write(ref _cached, cached);
        }

        return cached.Level;
    }

    /// <summary>The level of the category and the table it was taken from: one reference, so the two always belong together.</summary>
    private sealed record CachedLevel(LogRules Rules, LogLevel Level)
    {
        public static CachedLevel Of(string category, LogRules rules) => new(rules, rules.LevelFor(category));
    }
}
