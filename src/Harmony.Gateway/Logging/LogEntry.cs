using System.Net.Sockets;
using System.Security.Authentication;
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

/// <summary>
/// The target of <c>log_dump</c>, the only one whose entries may hold patient data. So at level info it is written where a setting names it
/// (<c>harmony.dump=info</c>), not because everything is.
/// </summary>
internal static class DumpTarget
{
    private const string Name = "harmony.dump";

    /// <summary>Whether a category is this target.</summary>
    public static bool Is(string category) => category.Equals(Name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What lines say about exceptions.</summary>
internal static class LogException
{
    // Deeper chains exist only by accident, such as a cause that is set in a loop.
    private const int MaxCauses = 16;

    /// <summary>The exception, its cause, the cause of that, and so on.</summary>
    public static IEnumerable<Exception> Chain(Exception exception)
    {
        var next = exception;
        for (var depth = 0; next is not null && depth < MaxCauses; depth++, next = next.InnerException)
            yield return next;
    }

    /// <summary>Faults of networks, disks and peers: their message tells an operator more than our stack does.</summary>
    public static bool IsOrdinary(Exception exception) => exception
        is IOException
        or SocketException
        or HttpRequestException
        or AuthenticationException
        or TimeoutException
        or OperationCanceledException
        or UnauthorizedAccessException;
}
