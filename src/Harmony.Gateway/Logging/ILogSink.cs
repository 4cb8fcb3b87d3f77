namespace Harmony.Gateway.Logging;

/// <summary>A place lines go to. Used by one thread; throws nothing.</summary>
internal interface ILogSink : IDisposable
{
    /// <summary>Takes a line; it may be held back until <see cref="Flush"/>.</summary>
    void Write(LogLine line);

    /// <summary>Puts out what was taken.</summary>
    void Flush();
}
