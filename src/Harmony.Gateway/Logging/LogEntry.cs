using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>What a formatter gets to write.</summary>
internal readonly record struct LogEntry
{
    /// <summary>When it happened, in UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How much it matters.</summary>
    public required LogLevel Level { get; init; }

    /// <summary>The category of the logger: <c>harmony.http</c>.</summary>
    public required string Category { get; init; }

    /// <summary>The message with its values filled in, not yet escaped.</summary>
    public required string Message { get; init; }

    /// <summary>The published number and name of the event; number 0 when it has none.</summary>
    public EventId EventId { get; init; }

    /// <summary>The values of the message template under their names.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>>? Fields { get; init; }

    /// <summary>The scopes around the call.</summary>
    public IExternalScopeProvider? Scopes { get; init; }

    /// <summary>What went wrong.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Whether the stack of <see cref="Exception"/> is shown.</summary>
    public bool ShowStack { get; init; }
}
