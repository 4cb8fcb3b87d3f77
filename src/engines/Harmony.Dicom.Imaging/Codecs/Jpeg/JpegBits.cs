using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>The bits of a scan: bytes up to the next marker, without those that are stuffed behind FF (ISO 10918-1 §F.1.2.3).</summary>
/// <param name="bytes">The code stream.</param>
/// <param name="position">Where the scan's bits begin.</param>
internal ref struct JpegBits(ReadOnlySpan<byte> bytes, int position)
{
    /// <summary>Bits of a code and the coefficient behind it, at most.</summary>
    private const int LongestCoefficient = 32;

    private const int SixteenZeros = 0xF0;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position = position;
    private ulong _buffer;
    private int _count;
    private int _invented;

    /// <summary>Whether bits were taken that the scan does not have.</summary>
    public readonly bool IsOverrun => _count < _invented;

    /// <summary>A symbol.</summary>
    /// <exception cref="ImagingException">Corrupt: no code of the table begins with the next bits.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Symbol(HuffmanTable table)
    {
        if (_count < 48) Fill();
        var entry = table.Fast((int)(_buffer >> (64 - HuffmanTable.FastBits)));
        if (entry == 0) return Long(table);
        Drop(entry >> 8);
        return entry & 0xFF;
    }

    /// <summary>
    /// A number of <paramref name="size"/> bits, 1 to 16, extended to its sign (§F.2.2.1). Not before <see cref="Symbol"/>, which sees to there being enough
    /// bits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Extended(int size)
    {
        var value = (int)(_buffer >> (64 - size));
        Drop(size);
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    /// <summary>The coefficients of a block but the first (§F.2.2.2), dequantized.</summary>
    /// <param name="table">Codes of their runs and sizes.</param>
    /// <param name="steps">64 quantization steps, in the order of the code stream.</param>
    /// <param name="places">Where in the block each coefficient of the code stream goes.</param>
    /// <param name="block">64 numbers, all 0.</param>
    /// <returns>A bit for each place of the block that has got a coefficient, the lowest for the first.</returns>
    /// <exception cref="ImagingException">Corrupt: there are more than fit, or no code of the table begins with the next bits.</exception>
    public ulong Coefficients(HuffmanTable table, ReadOnlySpan<int> steps, ReadOnlySpan<byte> places, Span<int> block)
    {
        // The state is in local variables, which are registers, while there are bits enough.
        var (buffer, count, used) = (_buffer, _count, 0UL);
        ref var entries = ref table.FirstCoefficient;
        ref var step = ref MemoryMarshal.GetReference(steps[..InverseDct.Size]);
        ref var place = ref MemoryMarshal.GetReference(places[..InverseDct.Size]);
        ref var to = ref MemoryMarshal.GetReference(block[..InverseDct.Size]);
        var last = 0;
        while (last < InverseDct.Size - 1)
        {
            if (count < LongestCoefficient)
            {
                (_buffer, _count) = (buffer, count);
                Fill();
                (buffer, count) = (_buffer, _count);
            }

            int value;
            var entry = Unsafe.Add(ref entries, (int)(buffer >> (64 - HuffmanTable.FastBits)));
            if (entry != 0)
            {
                last += (entry >> 8) & 0xFF;
                buffer <<= entry & 0xFF;
                count -= entry & 0xFF;
                value = entry >> 16;
                if (last >= HuffmanTable.EndOfBlock) break;
            }
            else
            {
                (_buffer, _count) = (buffer, count);
                var symbol = Symbol(table);
                var size = symbol & 15;
                last += (symbol >> 4) + 1;
                value = size == 0 ? 0 : Extended(size);
                (buffer, count) = (_buffer, _count);
                if (size == 0)
                {
                    if (symbol != SixteenZeros) break; // the rest of the block is 0
                    continue;
                }
            }

            if (last >= InverseDct.Size) throw ImagingException.Corrupt("a block of a JPEG code stream has more than 64 coefficients");
            int at = Unsafe.Add(ref place, last);
            used |= 1UL << at;
            Unsafe.Add(ref to, at & (InverseDct.Size - 1)) = value * Unsafe.Add(ref step, last);
        }

        (_buffer, _count) = (buffer, count);
        return used;
    }

    /// <summary>Passes over a restart marker and begins anew behind it.</summary>
    /// <exception cref="ImagingException">Corrupt: another or no marker follows.</exception>
    public void Restart(int number)
    {
        while (_position + 1 < _bytes.Length && _bytes[_position] == 0xFF && _bytes[_position + 1] == 0xFF) _position++;
        if (_position + 1 >= _bytes.Length || _bytes[_position] != 0xFF || _bytes[_position + 1] != 0xD0 + number)
            throw ImagingException.Corrupt("a JPEG code stream lacks a restart marker");
        (_position, _buffer, _count, _invented) = (_position + 2, 0, 0, 0);
    }

    /// <summary>Where the next marker is.</summary>
    public readonly int FindMarker()
    {
        var at = _position;
        while (at + 1 < _bytes.Length && (_bytes[at] != 0xFF || _bytes[at + 1] is 0 or 0xFF)) at++;
        return at;
    }

    private int Long(HuffmanTable table)
    {
        var symbol = table.Slow((int)(_buffer >> 48), out var length);
        if (symbol < 0) throw ImagingException.Corrupt("the bits of a JPEG code stream are damaged");
        Drop(length);
        return symbol;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drop(int count)
    {
        _buffer <<= count;
        _count -= count;
    }

    private void Fill()
    {
        if (_position + 8 <= _bytes.Length)
        {
            var next = BinaryPrimitives.ReadUInt64BigEndian(_bytes[_position..]);
            // No byte is FF: then as many as fit are taken at once.
            var inverted = ~next;
            if (((inverted - 0x0101010101010101) & next & 0x8080808080808080) == 0)
            {
                var taken = (64 - _count) >> 3;
                // Bits of a byte that is not taken whole come again with it, and are the same.
                _buffer |= next >> _count;
                _count += taken * 8;
                _position += taken;
                return;
            }
        }

        while (_count <= 56)
        {
            var value = 0;
            if (_position < _bytes.Length && _bytes[_position] != 0xFF) value = _bytes[_position++];
            else if (_position + 1 < _bytes.Length && _bytes[_position + 1] == 0)
            {
                value = 0xFF;
                _position += 2;
            }
            else
            {
                _invented += 8;
            }

            _buffer |= (ulong)value << (56 - _count);
            _count += 8;
        }
    }
}
