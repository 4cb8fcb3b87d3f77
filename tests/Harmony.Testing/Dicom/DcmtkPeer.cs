using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Harmony.Testing.Requirements;

namespace Harmony.Testing.Dicom;

/// <summary>
/// Programs of DCMTK's: clients that run to their end (<c>RunAsync</c>), and servers on a free port of the loopback interface, which end with this.
/// Nagle's algorithm is off in all of them, but where a test asks for it.
/// </summary>
public sealed class DcmtkPeer : IAsyncDisposable
{
    /// <summary>The program that is looked for: where it is, the others of DCMTK are.</summary>
    public const string Program = "storescp";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private DcmtkPeer(Process process, int port, string folder)
    {
        (_process, Port, Folder) = (process, port, folder);
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where the server listens.</summary>
    public int Port { get; }

    /// <summary>Where the server keeps its objects.</summary>
    public string Folder { get; }

    /// <summary>What the server has written.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Runs a client such as <c>storescu</c> to its end.</summary>
    public static Task<DcmtkResult> RunAsync(string program, params string[] arguments) => RunAsync(program, isNagleOff: true, arguments);

    /// <summary>The same, with Nagle's algorithm as the program has it or off.</summary>
    public static async Task<DcmtkResult> RunAsync(string program, bool isNagleOff, params string[] arguments)
    {
        var run = await Programs.RunAsync(ToStart(program, arguments, null, isNagleOff));
        return new DcmtkResult(run.ExitCode, run.Printed);
    }

    /// <summary>A storage SCP that writes what it gets to <see cref="Folder"/>.</summary>
    public static async Task<DcmtkPeer> StoreScpAsync(params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-storescp-").FullName;
        return await ServeAsync("storescp", port => [.. options, "-od", folder, port.ToString()], folder);
    }

    /// <summary>A query/retrieve SCP; <paramref name="destinations"/> are the AE titles it can move to, each on its port of the loopback interface.</summary>
    /// <param name="aeTitle">Its AE title.</param>
    /// <param name="destinations">AE title and port.</param>
    public static async Task<DcmtkPeer> QueryRetrieveScpAsync(string aeTitle, params (string AeTitle, int Port)[] destinations)
    {
        var folder = Directory.CreateTempSubdirectory("harmony-dcmqrscp-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "db"));
        var config = Path.Combine(folder, "dcmqrscp.cfg");
        var port = FreePort.Take();
        await File.WriteAllTextAsync(config, $"""
            MaxPDUSize = 16384
            MaxAssociations = 16
            HostTable BEGIN
            {string.Concat(destinations.Select((d, i) => $"peer{i} = ({d.AeTitle}, localhost, {d.Port})\n"))}HostTable END
            VendorTable BEGIN
            VendorTable END
            AETable BEGIN
            {aeTitle} {Path.Combine(folder, "db")} RW (1000, 1024mb) ANY
            AETable END

            """);
        return await ServeAsync("dcmqrscp", _ => ["-c", config, port.ToString()], folder, port);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.EndAsync(); // and what it has started: dcmqrscp serves each association by a process of its own
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<DcmtkPeer> ServeAsync(string program, Func<int, string[]> arguments, string folder, int? given = null)
    {
        var port = given ?? FreePort.Take();
        var limit = Guard.Token;
        var peer = new DcmtkPeer(Process.Start(ToStart(program, arguments(port), folder, isNagleOff: true))!, port, folder);
        while (true)
        {
            if (peer._process.HasExited) throw new InvalidOperationException($"{program} ended: {peer.Output}");
            try
            {
                using var socket = new TcpClient();
                await socket.ConnectAsync(IPAddress.Loopback, port, limit);
                return peer;
            }
            catch (SocketException)
            {
                await Task.Delay(20, limit); // it does not say when it listens
            }
        }
    }

    private static ProcessStartInfo ToStart(string program, IEnumerable<string> arguments, string? folder, bool isNagleOff)
    {
        var start = new ProcessStartInfo(Peers.PathOf(program), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "", UseShellExecute = false
        };
        if (isNagleOff) start.Environment["TCP_NODELAY"] = "1";
        return start;
    }

    private void Keep(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }
}
