using System.Buffers;

namespace Harmony.Core.Content;

/// <summary>A growing buffer of rented memory. An empty one holds none.</summary>
/// <param name="capacity">Bytes to rent at first.</param>
internal sealed class PooledBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private const int LeastRoom = 256;

    private byte[] _bytes = [];

    /// <summary>Bytes that have been written.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Count);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Count);

    public void Advance(int count) => Count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Count);
    }

    /// <summary>Gives the memory back; what was written is lost. The buffer can be used again.</summary>
    public void Dispose()
    {
        var bytes = _bytes;
        (_bytes, Count) = ([], 0);
        if (bytes.Length > 0) ArrayPool<byte>.Shared.Return(bytes);
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - Count >= Math.Max(size, 1)) return;
        var first = _bytes.Length == 0 ? capacity : checked(_bytes.Length * 2);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(first, checked(Count + Math.Max(size, LeastRoom))));
        Written.CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
