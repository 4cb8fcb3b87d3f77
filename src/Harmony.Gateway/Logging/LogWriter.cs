using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Logging;

/// <summary>
/// Takes lines from any thread and writes them on one of its own, so that a request never waits for a disk or a terminal.
/// When the outputs cannot keep up, lines are dropped and their number is logged.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private const int BatchLines = 256;

    // A queue full of dumped payloads must not take the memory of the requests.
    private const long MaxQueuedBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(2);

    private readonly ILogFormatter _formatter;
    private readonly IReadOnlyList<ILogSink> _sinks;
    private readonly TimeProvider _clock;
    private readonly Action<string> _complain;
    private readonly Channel<LogLine> _queue;
    private readonly Thread _thread;
    private long _queuedBytes;
    private long _dropped;

    /// <summary>Starts the writer; it closes the sinks at its end.</summary>
    public LogWriter(ILogFormatter formatter, IReadOnlyList<ILogSink> sinks, TimeProvider clock, int capacity, Action<string> complain)
    {
        (_formatter, _sinks, _clock, _complain) = (formatter, sinks, clock, complain);
        _queue = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(capacity) { SingleReader = true });

        // Not on the thread pool: when that is exhausted, the log is what tells.
        _thread = new Thread(Run) { Name = "harmony log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Hands over a line without waiting.</summary>
    public void Post(LogLine line)
    {
        var size = line.Length; // the line is the reader's once it is in the queue
        if (Interlocked.Add(ref _queuedBytes, size) <= MaxQueuedBytes && _queue.Writer.TryWrite(line)) return;

        Interlocked.Add(ref _queuedBytes, -size);
        Interlocked.Increment(ref _dropped);
        line.Dispose();
    }

    /// <summary>Writes what is queued, for two seconds at most.</summary>
    public void Dispose()
    {
        if (!_queue.Writer.TryComplete()) return;
        if (!_thread.Join(ShutdownLimit)) _complain($"log output is stuck; about {_queue.Reader.Count} lines were not written");
    }

    private void Run()
    {
        while (WaitForLines())
            WriteBatch();

        ReportDropped();
        foreach (var sink in _sinks)
            sink.Dispose();
    }

    private bool WaitForLines()
    {
        var waiting = _queue.Reader.WaitToReadAsync();
        return waiting.IsCompleted ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult(); // this thread has nothing else to do
    }

    private void WriteBatch()
    {
        for (var count = 0; count < BatchLines && _queue.Reader.TryRead(out var line); count++)
        {
            Interlocked.Add(ref _queuedBytes, -line.Length);
            Write(line);
        }

        ReportDropped();
        foreach (var sink in _sinks)
            sink.Flush();
    }

    private void Write(LogLine line)
    {
        using (line)
        {
            foreach (var sink in _sinks)
                sink.Write(line);
        }
    }

    private void ReportDropped()
    {
        var count = Interlocked.Exchange(ref _dropped, 0);
        if (count == 0) return;

        var line = new LogLine(LogLevel.Warning);
        var entry = new LogEntry
        {
            Time = _clock.GetUtcNow(),
            Level = LogLevel.Warning,
            Category = "harmony.log",
            Message = $"{count} log lines dropped",
            Fields = [KeyValuePair.Create<string, object?>("dropped", count)],
        };
        _formatter.Format(entry, line);
        Write(line);
    }
}
