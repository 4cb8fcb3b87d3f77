using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>What is left of a source, or the next bytes of it.</summary>
/// <param name="source">The source.</param>
/// <param name="length">How many bytes; there may be fewer.</param>
/// <param name="ownsSource">Whether the source ends with this.</param>
internal sealed class ByteSourceStream(ByteSource source, long length = long.MaxValue, bool ownsSource = false) : ForwardStream
{
    private long _left = length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || _left == 0 || (source.Buffered.IsEmpty && !await source.FillAsync(cancellationToken))) return 0;
        var count = (int)Math.Min(Math.Min(buffer.Length, source.Buffered.Length), _left);
        source.Buffered[..count].CopyTo(buffer);
        source.Consume(count);
        _left -= count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsSource) source.Dispose();
        base.Dispose(disposing);
    }
}
