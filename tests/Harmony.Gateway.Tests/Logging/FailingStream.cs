namespace Harmony.Gateway.Tests.Logging;

/// <summary>An output whose reader is gone.</summary>
internal sealed class FailingStream : MemoryStream
{
    public int Attempts { get; private set; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Attempts++;
        throw new IOException("Broken pipe");
    }
}
