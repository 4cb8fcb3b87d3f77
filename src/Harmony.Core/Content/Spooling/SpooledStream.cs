namespace Harmony.Core.Content.Spooling;

/// <summary>Reads a spooled file from its beginning, asynchronously only.</summary>
internal sealed class SpooledStream(SpooledFile file) : AsyncReadStream
{
    private long _at;

    public override bool CanSeek => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => _at;
        set => _at = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), "a stream begins at 0");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer, _at, cancellationToken);
        _at += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin)
        => Position = offset + origin switch { SeekOrigin.Begin => 0, SeekOrigin.Current => _at, _ => Length };
}
