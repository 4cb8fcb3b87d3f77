namespace Harmony.Dicom.Coding;

/// <summary>Bytes that are in memory, all of them.</summary>
internal sealed class MemoryByteSource(ReadOnlyMemory<byte> bytes) : ByteSource
{
    private ReadOnlyMemory<byte> _left = bytes;

    public override ReadOnlyMemory<byte> Buffered => _left;

    public override bool IsStable => true;

    public override void Consume(int count)
    {
        _left = _left[count..];
        Position += count;
    }

    public override ValueTask<bool> FillAsync(CancellationToken ct) => new(false);
}
