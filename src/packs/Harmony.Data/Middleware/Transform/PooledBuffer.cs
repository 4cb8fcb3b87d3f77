using System.Buffers;

namespace Harmony.Data.Middleware.Transform;

/// <summary>A growing buffer of rented memory, for text that is done with when the transformation is.</summary>
internal sealed class PooledBuffer(int capacity) : IBufferWriter<byte>, IDisposable
{
    private const int LeastRoom = 256;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);
    private int _count;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _count);

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_count);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Reserve(int size)
    {
        if (_bytes.Length - _count >= Math.Max(size, 1)) return;
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_bytes.Length * 2, _count + Math.Max(size, LeastRoom))));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
