using System.Net.Sockets;
using System.Security.Authentication;

namespace Harmony.Gateway.Logging;

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
