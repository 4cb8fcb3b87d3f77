using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Harmony.Gateway.Cli.Logs;

/// <summary>Gives the lines of a log file, those of the files that were put aside first, and follows what is added to it, through rotations too.</summary>
/// <param name="path">The file.</param>
/// <param name="clock">Tells when to look again.</param>
internal sealed class LogFileReader(string path, TimeProvider clock)
{
    /// <summary>Bytes at the beginning of a file by which it is told from the one that takes its place.</summary>
    private const int HeadLength = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly ArrayBufferWriter<byte> _partial = new();

    /// <summary>Reads them. A null stands where the end was reached for now.</summary>
    /// <param name="follow">Whether to wait for more at the end.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async IAsyncEnumerable<string?> ReadAsync(bool follow, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var old in PutAside())
        {
            using var file = Open(old);
            await foreach (var line in RestAsync(file, ct)) yield return line;
        }

        var current = Open(path);
        try
        {
            while (true)
            {
                await foreach (var line in RestAsync(current, ct)) yield return line;
                yield return null;
                if (!follow) yield break;
                await Task.Delay(Pause, clock, ct);
                if (IsStillThere(current)) continue;
                // What was written before the file was put aside.
                await foreach (var line in RestAsync(current, ct)) yield return line;
                current.Dispose();
                current = Open(path);
                _partial.ResetWrittenCount();
            }
        }
        finally
        {
            current.Dispose();
        }
    }

    /// <summary><c>NAME.3</c> before <c>NAME.2</c> before <c>NAME.1</c>.</summary>
    private IEnumerable<string> PutAside()
    {
        var last = 0;
        while (File.Exists($"{path}.{last + 1}")) last++;
        for (var number = last; number >= 1; number--) yield return $"{path}.{number}";
    }

    private async IAsyncEnumerable<string> RestAsync(FileStream file, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var read = await file.ReadAsync(_buffer, ct); read > 0; read = await file.ReadAsync(_buffer, ct))
        {
            for (var rest = _buffer.AsMemory(0, read); !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                _partial.Write(rest.Span[..(end < 0 ? rest.Length : end)]);
                rest = end < 0 ? default : rest[(end + 1)..];
                if (end < 0) continue;
                yield return Encoding.UTF8.GetString(_partial.WrittenSpan);
                _partial.ResetWrittenCount();
            }
        }
    }

    /// <summary>
    /// Whether the name still means the file that was opened: one that was emptied is shorter than what was read, one that took its place begins in another
    /// way.
    /// </summary>
    private bool IsStillThere(FileStream opened)
    {
        if (!File.Exists(path)) return true; // about to be begun anew
        using var named = Open(path);
        return named.Length >= opened.Position && HeadOf(named, opened.Position).SequenceEqual(HeadOf(opened, opened.Position));
    }

    private static byte[] HeadOf(FileStream file, long position)
    {
        var head = new byte[Math.Min(HeadLength, position)];
        var read = RandomAccess.Read(file.SafeFileHandle, head, 0);
        return head[..read];
    }

    private static FileStream Open(string file) => new(file, new FileStreamOptions
    {
        Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous,
    });
}
