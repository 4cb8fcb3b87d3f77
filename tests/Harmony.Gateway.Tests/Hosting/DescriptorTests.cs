using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Gateway.Tests.Cli;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>A gateway without a file descriptor left says so once, waits, and serves again as soon as there are some.</summary>
public sealed class DescriptorTests
{
    private const int Spare = 6;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Listener_WithoutDescriptors_SaysSoOnceAndServesAgain(bool isDimse)
    {
        if (!OperatingSystem.IsLinux()) return; // prlimit
        using var folder = new TestFolder();
        var (http, dimse) = (new IPEndPoint(IPAddress.Loopback, FreePort.Take()), new IPEndPoint(IPAddress.Loopback, FreePort.Take()));
        folder.Write("config.toml", $$"""
            [proxy]
            name = "test"
            primary_provider = "local"
            [network.n.tcp_config]
            bind_address = "127.0.0.1"
            bind_port = {{http.Port}}
            [pipelines.p]
            networks = ["n"]
            endpoints = ["h", "d"]
            backends = ["b"]
            [endpoints.h]
            service = "http"
            options.path_prefix = "/"
            [endpoints.d]
            service = "dicom_scp"
            options = { local_aet = "HARMONY", bind_addr = "127.0.0.1", port = {{dimse.Port}} }
            [backends.b]
            service = "echo"
            """);
        await using var gateway = HarmonyProcess.Start(folder.Path, "run", "-c", "config.toml");
        await gateway.WaitForAsync("Press Ctrl-C");
        Task ServeAsync() => isDimse ? EchoAsync(dimse) : GetAsync(http);
        await ServeAsync(); // what it takes is loaded then: assemblies take descriptors
        await SetLimitAsync(gateway.Id, Directory.GetFileSystemEntries($"/proc/{gateway.Id}/fd").Length + Spare);
        var clients = new List<Socket>();
        try
        {
            for (var i = 0; i < 5 * Spare; i++) clients.Add(await ConnectAsync(isDimse ? dimse : http));
            await gateway.WaitForAsync($"[1310] connections at {(isDimse ? dimse : http)} cannot be accepted: no file descriptors are left");
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }

        await ServeAsync();
        Assert.Single(gateway.Output, line => line.Contains("[1310]", StringComparison.Ordinal));
    }

    private static async Task GetAsync(IPEndPoint address)
    {
        using var client = await RawConnection.OpenAsync(address);
        await client.WriteAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.Equal(200, (await RawAnswer.ReadAsync(client).Guarded()).Status);
    }

    private static async Task EchoAsync(IPEndPoint address)
    {
        var peer = new DicomPeer("127.0.0.1", address.Port, "HARMONY", "TEST");
        await using var association = await new DicomClient().ConnectAsync(peer, [ContextProposal.For(Uid.VerificationSOPClass)]).Guarded();
        await association.EchoAsync(Guard.Token);
    }

    private static async Task SetLimitAsync(int process, int descriptors)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{process}", $"--nofile={descriptors}:{descriptors}"]);
        await prlimit.WaitForExitAsync(Guard.Token);
        Assert.Equal(0, prlimit.ExitCode);
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, Guard.Token);
        return socket;
    }
}
