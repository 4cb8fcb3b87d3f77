using System.Buffers;

namespace Harmony.Dicom.Coding;

/// <summary>Takes the bytes of one value as they come. A length that lies costs nothing: memory grows with what has really come.</summary>
internal sealed class ValueCollector
{
    private const int FirstBlock = 64 * 1024;
    private readonly bool _slice;
    private byte[] _buffer = [];
    private int _length;
    private int _filled;

    /// <param name="slice">Whether input lives as long as the values, so that they may be parts of it.</param>
    public ValueCollector(bool slice) => _slice = slice;

    /// <summary>How many bytes have come.</summary>
    public int Filled => _filled;

    public void Start(int length) => (_length, _filled, _buffer) = (length, 0, []);

    /// <summary>Takes what there is.</summary>
    /// <param name="input">What was taken is cut off.</param>
    /// <param name="mayChange">Whether the bytes will be changed in place, so that they have to be a copy.</param>
    /// <param name="value">The whole value, once it has come.</param>
    public bool TryTake(ref ReadOnlySequence<byte> input, bool mayChange, out Memory<byte> value)
    {
        var taken = (int)Math.Min(input.Length, _length - _filled);
        var part = input.Slice(0, taken);
        if (_slice && !mayChange && _filled == 0 && taken == _length && part.IsSingleSegment)
        {
            value = System.Runtime.InteropServices.MemoryMarshal.AsMemory(part.First);
        }
        else
        {
            Reserve(_filled + taken);
            part.CopyTo(_buffer.AsSpan(_filled));
            value = _buffer.AsMemory(0, _filled + taken);
        }

        _filled += taken;
        input = input.Slice(taken);
        return _filled == _length;
    }

    private void Reserve(int needed)
    {
        if (needed <= _buffer.Length) return;
        // All of it has come, or what will be needed at least: at most twice what there is.
        var size = needed == _length ? needed : (int)Math.Min(_length, Math.Max(FirstBlock, Math.Max(needed, 2L * _buffer.Length)));
        Array.Resize(ref _buffer, size);
    }
}
