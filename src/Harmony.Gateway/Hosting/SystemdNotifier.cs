using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Harmony.Core.Runtime;
using Harmony.Gateway.Reloading;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Hosting;

/// <summary>
/// Tells systemd how the service is doing (sd_notify(3)): datagrams to the socket that <c>NOTIFY_SOCKET</c> names, and a sign of life at twice the rate
/// that <c>WATCHDOG_USEC</c> asks for. Without these variables it does nothing.
/// </summary>
internal sealed class SystemdNotifier : IReloadObserver, IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _address;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SafeTimer? _watchdog;

    /// <param name="environment">Looks an environment variable up.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="logger">Gets a line where systemd does not hear.</param>
    public SystemdNotifier(Func<string, string?> environment, TimeProvider clock, ILogger logger)
    {
        (_clock, _logger) = (clock, logger);
        if (environment("NOTIFY_SOCKET") is not { Length: > 1 } path) return;
        _address = new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        if (PeriodOf(environment) is not { } period) return;
        _watchdog = new SafeTimer(() => Send("WATCHDOG=1"), clock);
        _watchdog.Set(period, period);
    }

    /// <summary>The service serves.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>The service applies another configuration.</summary>
    public void Reloading() => Send($"RELOADING=1\nMONOTONIC_USEC={MonotonicMicroseconds()}");

    void IReloadObserver.Attempting() => Reloading();

    /// <inheritdoc/>
    public void Attempted(ReloadStatus status) => Ready($"serves version {status.Version} of the configuration");

    /// <summary>The service takes leave.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=requests under way end");

    public void Dispose()
    {
        _watchdog?.Dispose();
        _socket?.Dispose();
    }

    private static TimeSpan? PeriodOf(Func<string, string?> environment)
    {
        if (!long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) || microseconds <= 0)
            return null;
        // Set for another process of the service: its business.
        if (environment("WATCHDOG_PID") is { Length: > 0 } process && process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) return null;
        return TimeSpan.FromMicroseconds(microseconds / 2.0);
    }

    private long MonotonicMicroseconds() => (long)(_clock.GetTimestamp() / (double)_clock.TimestampFrequency * 1_000_000);

    private void Send(string message)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(message), _address!);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            HostLog.NotNotified(_logger, e.Message);
        }
    }
}
