using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Harmony.Core.Runtime;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Harmony.Http.Adapters;

/// <summary>
/// Kestrel's sockets, but for the accept loop. Kestrel takes each failure for that of one connection and accepts again at once, so that a process
/// without a file descriptor left (EMFILE) burns a core and says nothing; here it waits, longer each time, and says so once.
/// </summary>
/// <param name="options">The options of Kestrel's sockets, which hold here, too.</param>
/// <param name="loggers">Where it logs.</param>
internal sealed class ListenerTransport(IOptions<SocketTransportOptions> options, ILoggerFactory loggers)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private const string KestrelsCategory = "Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets";

    /// <summary>Makes it the transport of a server. The last one that is added is asked first.</summary>
    public static void AddTo(IServiceCollection services) => services.AddSingleton<IConnectionListenerFactory, ListenerTransport>();

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = options.Value.CreateBoundListenSocket(endpoint);
        try
        {
            socket.Listen(options.Value.Backlog);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(e.Message, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var connections = new SocketConnectionContextFactory(ConnectionOptions(), loggers.CreateLogger(KestrelsCategory));
        var accepting = new PatientAccept(socket.AcceptAsync, socket.LocalEndPoint!, TimeProvider.System, loggers.CreateLogger("harmony"));
        return new ValueTask<IConnectionListener>(new Listener(socket, accepting, connections, options.Value.NoDelay));
    }

    /// <summary>
    /// The same options for single connections. Only a constructor of .NET's own makes them of the others, with the place that their memory comes from.
    /// </summary>
    private SocketConnectionFactoryOptions ConnectionOptions()
    {
        try
        {
            return Of(options.Value);
        }
        catch (MissingMethodException)
        {
            // Another .NET. The memory of connections is that of Kestrel's own blocks then: slower for images, and all else is the same.
            var from = options.Value;
            return new SocketConnectionFactoryOptions
            {
                IOQueueCount = from.IOQueueCount,
                WaitForDataBeforeAllocatingBuffer = from.WaitForDataBeforeAllocatingBuffer,
                MaxReadBufferSize = from.MaxReadBufferSize,
                MaxWriteBufferSize = from.MaxWriteBufferSize,
                UnsafePreferInlineScheduling = from.UnsafePreferInlineScheduling,
            };
        }

        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        static extern SocketConnectionFactoryOptions Of(SocketTransportOptions options);
    }

    private sealed class Listener(Socket socket, PatientAccept accepting, SocketConnectionContextFactory connections, bool isWithoutDelay) : IConnectionListener
    {
        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (await accepting.NextAsync(cancellationToken) is { } accepted)
            {
                try
                {
                    accepted.NoDelay = isWithoutDelay;
                    return connections.Create(accepted);
                }
                catch (SocketException)
                {
                    accepted.Dispose(); // the client has gone already
                }
            }

            return null;
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            socket.Dispose();
            return default;
        }

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            connections.Dispose();
            return default;
        }
    }
}

/// <summary>
/// Accepts connections. What fails because something is short in this process or machine (descriptors, memory) is tried again after a pause that
/// grows from 10 ms to a second, and is logged once, until a minute has passed without such a failure.
/// </summary>
/// <param name="accept">Takes the next connection.</param>
/// <param name="endPoint">Where connections come in, for the log.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="logger">Takes the line.</param>
internal sealed class PatientAccept(Func<CancellationToken, ValueTask<Socket>> accept, EndPoint endPoint, TimeProvider clock, ILogger logger)
{
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(1));
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private int _failures; // since the last connection that was taken
    private long? _lastFailure;

    /// <summary>The next connection; null when the listening socket is closed, or the wait is cancelled.</summary>
    public async ValueTask<Socket?> NextAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var socket = await accept(ct);
                _failures = 0;
                return socket;
            }
            catch (Exception e) when (IsTheEnd(e))
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // That client has gone before it was taken; the next one waits.
            }
            catch (Exception e)
            {
                Tell(e);
                await Task.Delay(Pauses.After(++_failures), clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Tell(Exception e)
    {
        var isOfAnEpisode = _lastFailure is { } last && clock.GetElapsedTime(last) < Quiet;
        _lastFailure = clock.GetTimestamp();
        if (!isOfAnEpisode) ListenerLog.CannotAccept(logger, endPoint, ReasonOf(e));
    }

    /// <summary>.NET has one text for a process without descriptors and a system without; the first is what happens.</summary>
    private static string ReasonOf(Exception e)
        => e is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets }
            ? "no file descriptors are left; raise the limit of open files (LimitNOFILE)"
            : e.Message;

    /// <summary>Whether the socket is closed, or no caller waits any more.</summary>
    private static bool IsTheEnd(Exception e)
        => e is OperationCanceledException or ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted };
}

/// <summary>Log messages of listeners, ids 1310 to 1319.</summary>
internal static partial class ListenerLog
{
    [LoggerMessage(
        EventId = 1310, Level = LogLevel.Error, Message = "connections at {EndPoint} cannot be accepted: {Reason}; the gateway tries again at least once "
            + "a second")]
    public static partial void CannotAccept(ILogger logger, EndPoint endPoint, string reason);
}
