using System.Net.Sockets;
using System.Text;
using Harmony.Gateway.Hosting;
using Harmony.Testing;
using Harmony.Testing.Requirements;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>What systemd hears.</summary>
public sealed class SystemdNotifierTests
{
    [PlatformTheory("linux")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task States_AndSignsOfLife_ArriveAtTheSocket(bool isAbstract)
    {
        var path = Path.Combine(Path.GetTempPath(), $"harmony-{Guid.NewGuid():N}");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + path : path));
        var clock = new TestTimeProvider();
        using (var notifier = new SystemdNotifier(
            Variables(("NOTIFY_SOCKET", isAbstract ? "@" + path : path), ("WATCHDOG_USEC", "3000000")), clock, NullLogger.Instance))
        {
            notifier.Ready("serves");
            Assert.Equal("READY=1\nSTATUS=serves", await ReadAsync(systemd));
            notifier.Reloading();
            Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$", await ReadAsync(systemd));
            clock.Advance(TimeSpan.FromSeconds(1.5));
            Assert.Equal("WATCHDOG=1", await ReadAsync(systemd));
            notifier.Stopping();
            Assert.StartsWith("STOPPING=1\n", await ReadAsync(systemd), StringComparison.Ordinal);
        }

        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, systemd.Available);
        File.Delete(path);
    }

    [Fact]
    public void Nobody_OrAnotherProcess_IsToldNothing()
    {
        using var silent = new SystemdNotifier(_ => null, TimeProvider.System, NullLogger.Instance);
        silent.Ready("serves");
        var clock = new TestTimeProvider();
        var log = new RecordingLogger();
        using var other = new SystemdNotifier(Variables(("NOTIFY_SOCKET", "/nowhere/at/all"), ("WATCHDOG_USEC", "1000"), ("WATCHDOG_PID", "1")), clock,
            log.CreateLogger("harmony"));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(log.Lines);
        other.Ready("serves"); // nobody listens there, which is no reason to fail
        Assert.Single(log.Lines);
    }

    private static Func<string, string?> Variables(params (string Name, string Value)[] variables)
        => name => variables.FirstOrDefault(v => v.Name == name).Value;

    private static async Task<string> ReadAsync(Socket socket)
    {
        var buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, Guard.Token));
    }
}
