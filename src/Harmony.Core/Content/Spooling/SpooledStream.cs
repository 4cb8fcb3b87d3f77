namespace Harmony.Core.Content.Spooling;

/// <summary>Reads a spooled file from its beginning, asynchronously only.</summary>
internal sealed class SpooledStream(SpooledFile file) : AsyncReadStream
{
    private long _at;

    public override long Length => file.Length;

    public override long Position { get => _at; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer, _at, cancellationToken);
        _at += read;
        return read;
    }
}
