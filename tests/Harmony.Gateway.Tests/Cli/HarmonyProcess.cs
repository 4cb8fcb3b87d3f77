using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Cli;

/// <summary>The program in a process of its own.</summary>
internal sealed class HarmonyProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task<string> _error;
    private readonly Task _reading;

    private HarmonyProcess(string folder, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "harmony.dll"), .. args])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // what it leaves in the folder of temporary files when it is killed
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
        _reading = ReadAsync();
    }

    /// <summary>Every line of standard output so far.</summary>
    public List<string> Output { get; } = [];

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    public static HarmonyProcess Start(string folder, params string[] args) => new(folder, args);

    /// <summary>Runs to the end.</summary>
    public static async Task<CommandLine> RunAsync(string folder, params string[] args)
    {
        await using var process = Start(folder, args);
        var exitCode = await process.WaitForExitAsync();
        return new CommandLine(exitCode, string.Concat(process.Output.Select(l => l + "\n")), await process._error.Guarded());
    }

    /// <summary>Waits until a line of standard output holds the text.</summary>
    public async Task WaitForAsync(string text)
    {
        var isOver = "ended";
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(Guard.Token))
            {
                if (line.Contains(text, StringComparison.Ordinal)) return;
            }
        }
        catch (OperationCanceledException)
        {
            isOver = $"went on for {Guard.Limit.TotalSeconds} s";
        }

        await _process.EndAsync();
        Assert.Fail($"the program {isOver} without printing '{text}':\n{string.Join('\n', Output)}\n{await _error.Guarded()}");
    }

    public void Signal(PosixSignal signal) => Assert.Equal(0, Kill(_process.Id, signal switch { PosixSignal.SIGHUP => 1, PosixSignal.SIGINT => 2, _ => 15 }));

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(Guard.Token);
        await _reading.Guarded();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.EndAsync();
        await _reading.Guarded();
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            Output.Add(line);
            _lines.Writer.TryWrite(line);
        }

        _lines.Writer.Complete();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int process, int signal);
}
