using System.ComponentModel;
using System.Diagnostics;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Imaging.Isolation;

/// <summary>A process that decodes frames. After an error of the process itself it is not used again.</summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>What a worker needs of the environment; keys and passwords are not among them.</summary>
    private static readonly string[] Kept = ["PATH", "HOME", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG"];

    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    /// <summary>How many frames it has decoded.</summary>
    public int Frames { get; private set; }

    /// <summary>When it was last given back.</summary>
    public long IdleSince { get; set; }

    /// <summary>Which process it is.</summary>
    public int Id => _process.Id;

    /// <exception cref="ImagingException">DecoderDied: it cannot be started.</exception>
    public static WorkerProcess Start(DecoderCommand command)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false
        };
        foreach (var name in start.Environment.Keys.Where(n => !Kept.Contains(n, StringComparer.OrdinalIgnoreCase)
            && !n.StartsWith("DOTNET_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        try
        {
            var process = Process.Start(start) ?? throw new ImagingException(ImagingErrorKind.DecoderDied, "the process of a decoder cannot be started");
            process.ErrorDataReceived += static (_, _) => { }; // what a crash prints may hold pixels
            process.BeginErrorReadLine();
            return new WorkerProcess(process);
        }
        catch (Win32Exception e)
        {
            throw new ImagingException(ImagingErrorKind.DecoderDied, "the process of a decoder cannot be started", e);
        }
    }

    /// <exception cref="ImagingException">The frame cannot be decoded, or the process ended over it.</exception>
    /// <exception cref="OperationCanceledException">The token tripped; the process is ended.</exception>
    public async ValueTask<FrameImage> DecodeAsync(PixelFormat format, TransferSyntax syntax, byte[] stored, CancellationToken ct)
    {
        // Reads of a pipe cannot be cancelled; they end with the process.
        await using var end = ct.Register(End);
        try
        {
            await WorkerMessages.WriteRequestAsync(_process.StandardInput.BaseStream, format, syntax, stored, ct);
            var image = await WorkerMessages.ReadResponseAsync(_process.StandardOutput.BaseStream, format, ct);
            Frames++;
            return image;
        }
        catch (IOException e)
        {
            ct.ThrowIfCancellationRequested();
            throw new ImagingException(
                ImagingErrorKind.DecoderDied, $"the process of a decoder ended while it decoded a frame of {stored.Length} bytes in {syntax.Keyword}", e);
        }
    }

    /// <summary>Ends the process, whatever it is doing.</summary>
    public void Dispose()
    {
        End();
        _process.Dispose();
    }

    private void End()
    {
        try
        {
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It has ended by itself.
        }
    }
}
