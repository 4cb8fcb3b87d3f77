using System.Threading.Channels;

namespace Harmony.Gateway.Logging;

/// <summary>
/// Takes lines from any thread and writes them on one of its own, so that a request never waits for a disk or a terminal.
/// When the outputs cannot keep up, lines are dropped and counted.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    private const int BatchLines = 256;

    // A queue full of dumped payloads must not take the memory of the requests.
    private const long MaxQueuedBytes = 32 * 1024 * 1024;

    /// <summary>How long the end of the writer waits for its outputs where the caller does not say.</summary>
    public static readonly TimeSpan DefaultShutdownLimit = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<ILogSink> _sinks;
    private readonly Action<string> _complain;
    private readonly Func<long, LogLine?> _onDropped;
    private readonly Channel<LogLine> _queue;
    private readonly Thread _thread;
    private readonly TimeSpan _shutdownLimit;
    private long _queuedBytes;
    private long _dropped;

    /// <summary>Starts the writer.</summary>
    /// <param name="sinks">Where lines go; closed at its end.</param>
    /// <param name="capacity">Lines that may wait.</param>
    /// <param name="complain">Tells the operator by other means.</param>
    /// <param name="onDropped">Is told how many lines were dropped, and may give a line that says so.</param>
    /// <param name="shutdownLimit">How long the end of the writer waits for its outputs; 10 s when null.</param>
    public LogWriter(IReadOnlyList<ILogSink> sinks, int capacity, Action<string> complain, Func<long, LogLine?> onDropped, TimeSpan? shutdownLimit = null)
    {
        (_sinks, _complain, _onDropped, _shutdownLimit) = (sinks, complain, onDropped, shutdownLimit ?? DefaultShutdownLimit);
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

    /// <summary>
    /// Writes what is queued, for the shutdown limit at most: long enough for a machine that is busy, and no reason to be killed for an output that is stuck.
    /// </summary>
    public void Dispose()
    {
        if (!_queue.Writer.TryComplete()) return;
        if (!_thread.Join(_shutdownLimit)) _complain($"log output is stuck; about {_queue.Reader.Count} lines were not written");
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
        if (count > 0 && _onDropped(count) is { } line) Write(line);
    }
}

/// <summary>A place lines go to. Used by one thread; throws nothing.</summary>
internal interface ILogSink : IDisposable
{
    /// <summary>Takes a line; it may be held back until <see cref="Flush"/>.</summary>
    void Write(LogLine line);

    /// <summary>Puts out what was taken.</summary>
    void Flush();
}
