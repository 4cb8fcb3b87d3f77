using System.Buffers;

namespace Harmony.Gateway.Logging;

/// <summary>
/// Lines to a stream, many in one write. A failing stream (disk full, reader gone) loses lines and is complained about once;
/// every later batch is tried again, so that logging resumes when the disk has room.
/// </summary>
/// <param name="stream">Where to; closed with the sink.</param>
/// <param name="name">The stream in words, for the complaint.</param>
/// <param name="colours">Whether the lines are text that goes to a terminal.</param>
/// <param name="complain">Tells the operator by other means.</param>
internal sealed class StreamSink(Stream stream, string name, bool colours, Action<string> complain) : ILogSink
{
    private const int BatchSize = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _batch = new(BatchSize);
    private bool _complained;

    /// <summary>Whether a line has been lost.</summary>
    public bool HasFailed => _complained;

    /// <inheritdoc/>
    public void Write(LogLine line)
    {
        if (colours)
            TerminalColours.Write(line, _batch);
        else
            _batch.Write(line.Bytes);

        if (_batch.WrittenCount >= BatchSize) Flush();
    }

    /// <inheritdoc/>
    public void Flush() => Guard(() =>
    {
        if (_batch.WrittenCount == 0) return;
        stream.Write(_batch.WrittenSpan);
        stream.Flush();
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        Flush();
        Guard(stream.Dispose);
    }

    // Catches everything: this runs on the writer's thread, where an exception would end the process.
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            if (!_complained) complain($"cannot write the log to {name}: {exception.Message}");
            _complained = true;
        }
        finally
        {
            _batch.ResetWrittenCount();
        }
    }
}
