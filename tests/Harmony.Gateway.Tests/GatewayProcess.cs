using System.Diagnostics;
using System.Net;
using Harmony.Testing;

namespace Harmony.Gateway.Tests;

/// <summary>The program itself, as its users start it, on a configuration of one file.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TestFolder _folder;
    private bool _isGone;

    private GatewayProcess(Process process, TestFolder folder, int port)
    {
        _process = process;
        _folder = folder;
        Address = new IPEndPoint(IPAddress.Loopback, port);
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Memory it occupies now, in bytes. Linux only.</summary>
    public long ResidentBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim()) * 1024;
        }
    }

    /// <summary>The processes it has started, whose command line holds a word. Linux only.</summary>
    public IReadOnlyList<Process> Children(string word) =>
    [
        .. Process.GetProcesses().Where(p =>
        {
            try
            {
                return File.ReadLines($"/proc/{p.Id}/status").Contains($"PPid:\t{_process.Id}")
                    && File.ReadAllText($"/proc/{p.Id}/cmdline").Contains(word, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false; // it is gone
            }
        }),
    ];

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="config">Makes the configuration for a port.</param>
    /// <param name="files">Other files beside it, by name.</param>
    public static async Task<GatewayProcess> StartAsync(Func<int, string> config, IReadOnlyDictionary<string, string>? files = null)
    {
        var folder = new TestFolder();
        folder.Write(files);
        var port = FreePort.Take();
        var file = folder.Write("config.toml", config(port));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "harmony.dll"), "run", "--config", file])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // what it leaves in the folder of temporary files when it is killed
        start.Environment["STATE_DIRECTORY"] = folder.PathOf("state"); // what it keeps goes with the folder, unless the configuration says where
        var gateway = new GatewayProcess(Process.Start(start)!, folder, port);
        try
        {
            await gateway.ListeningAsync().Guarded();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isGone) return; // killed before
        _isGone = true;
        await _process.EndAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    /// <summary>The banner's last line says that all is up.</summary>
    private async Task ListeningAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("Press Ctrl-C", StringComparison.Ordinal)) continue;
            _ = _process.StandardOutput.ReadToEndAsync(); // so that it never waits for us to read
            return;
        }

        throw new InvalidOperationException(await errors);
    }
}
