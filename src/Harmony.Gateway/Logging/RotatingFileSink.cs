using Harmony.Core.Runtime;

namespace Harmony.Gateway.Logging;

/// <summary>
/// Lines to a file that is put aside as <c>NAME.1</c> when it has reached its size, <c>NAME.1</c> as <c>NAME.2</c>, and so on. So all files
/// together never take more than their number times that size. A file that another program, such as logrotate, has moved away or emptied is begun
/// anew with the next line. Used by one thread.
/// </summary>
internal sealed class RotatingFileSink : ILogSink
{
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly int _keep;
    private readonly Action<string> _complain;
    private readonly TimeProvider _clock;
    private StreamSink? _current;
    private long _size;
    private int _failures; // in a row
    private long _failedAt;
    private bool _mayBeGone;

    private RotatingFileSink(string path, long maxBytes, int keep, Action<string> complain, TimeProvider clock)
    {
        _clock = clock;
        _path = path;
        _maxBytes = maxBytes;
        _keep = keep;
        _complain = complain;
    }

    /// <summary>Opens the file to add to it, or returns null, with a complaint, when that cannot be.</summary>
    /// <param name="path">The file; its folders are created.</param>
    /// <param name="maxBytes">Bytes after which it is put aside.</param>
    /// <param name="keep">Files kept that were put aside.</param>
    /// <param name="complain">Tells the operator.</param>
    /// <param name="clock">Tells the time.</param>
    public static RotatingFileSink? TryOpen(string path, long maxBytes, int keep, Action<string> complain, TimeProvider clock)
    {
        var sink = new RotatingFileSink(Path.GetFullPath(path), maxBytes, keep, complain, clock);
        sink.Open();
        return sink._current is null ? null : sink;
    }

    /// <inheritdoc/>
    public void Write(LogLine line)
    {
        if (_mayBeGone) LookForIt();
        if (_size > 0 && _size + line.Length > _maxBytes && IsTimeToRotate()) Rotate();
        _size += line.Length;
        _current?.Write(line);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        _current?.Flush();
        _mayBeGone = true;
    }

    /// <inheritdoc/>
    public void Dispose() => _current?.Dispose();

    /// <summary>Once a batch, before its first line: where the file of that name is not the one that was written to, it is opened.</summary>
    private void LookForIt()
    {
        _mayBeGone = false;
        var file = new FileInfo(_path);
        if (file.Exists && (file.Length > 0 || _size == 0 || _current is { HasFailed: true })) return;
        _current?.Dispose();
        Open();
    }

    /// <summary>After a failure the file grows for a while: a try for each line would cost more than the line.</summary>
    private bool IsTimeToRotate() => _failures == 0 || _clock.GetElapsedTime(_failedAt) >= Backoff.Default.After(_failures);

    private void Rotate()
    {
        _current?.Dispose();
        try
        {
            for (var number = _keep; number >= 1; number--)
            {
                var from = number == 1 ? _path : NameOf(number - 1);
                if (File.Exists(from)) File.Move(from, NameOf(number), overwrite: true);
            }

            if (_keep == 0) File.Delete(_path);
            _failures = 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (_failures++ == 0) _complain($"cannot put the log file '{_path}' aside, so it grows; this is tried again: {e.Message}");
            _failedAt = _clock.GetTimestamp();
        }

        Open();
    }

    private void Open()
    {
        _current = LogFile.TryOpen(_path, _complain);
        _size = _current is not null && File.Exists(_path) ? new FileInfo(_path).Length : 0;
    }

    private string NameOf(int number) => $"{_path}.{number}";
}
