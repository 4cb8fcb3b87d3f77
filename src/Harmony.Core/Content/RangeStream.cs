namespace Harmony.Core.Content;

/// <summary>Part of a stream.</summary>
/// <param name="source">The stream; disposed with this.</param>
/// <param name="range">Which part.</param>
public sealed class RangeStream(Stream source, ByteRange range) : AsyncReadStream
{
    private long _before = range.Start;
    private long _left = range.Length;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_before > 0) await SkipAsync(cancellationToken);
        if (buffer.Length > _left) buffer = buffer[..(int)_left];
        if (buffer.IsEmpty) return 0;
        var read = await source.ReadAsync(buffer, cancellationToken);
        _left -= read;
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask SkipAsync(CancellationToken ct)
    {
        if (source.CanSeek)
        {
            source.Seek(_before, SeekOrigin.Current);
            _before = 0;
            return;
        }

        var scratch = new byte[Math.Min(_before, 64 * 1024)];
        while (_before > 0)
        {
            var read = await source.ReadAsync(scratch.AsMemory(0, (int)Math.Min(_before, scratch.Length)), ct);
            if (read == 0) throw new EndOfStreamException("the stream ends before the part that is wanted");
            _before -= read;
        }
    }
}
