namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>A Huffman table of a DHT segment, made for decoding: ISO 10918-1 §C, §F.2.2.3.</summary>
internal sealed class HuffmanTable
{
    /// <summary>Codes of up to this many bits are looked up at once.</summary>
    public const int FastBits = 10;

    /// <summary>The run of a code after which the rest of a block is 0: more than any block has.</summary>
    public const int EndOfBlock = 128;

    private const int MaxBits = 16;
    private readonly ushort[] _fast = new ushort[1 << FastBits];
    private readonly int[] _maxCode = new int[MaxBits + 2];
    private readonly int[] _offset = new int[MaxBits + 1];
    private readonly byte[] _symbols;
    private int[]? _coefficients;

    /// <param name="counts">16 numbers: how many codes there are of each length.</param>
    /// <param name="symbols">What they stand for.</param>
    /// <exception cref="ImagingException">Corrupt: these are more codes than their lengths allow.</exception>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        _symbols = symbols.ToArray();
        var (code, index) = (0, 0);
        for (var bits = 1; bits <= MaxBits; bits++, code <<= 1)
        {
            _offset[bits] = index - code;
            for (var i = 0; i < counts[bits - 1]; i++, code++, index++)
            {
                if (code >= 1 << bits) throw ImagingException.Corrupt("a Huffman table of a JPEG code stream has too many codes");
                if (bits > FastBits) continue;
                var entry = (ushort)((bits << 8) | symbols[index]);
                Array.Fill(_fast, entry, code << (FastBits - bits), 1 << (FastBits - bits));
            }

            _maxCode[bits] = code - 1;
        }

        _maxCode[MaxBits + 1] = int.MaxValue;
    }

    /// <summary>Reads the tables of a DHT segment (§B.2.4.2).</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="classes">Four places for the tables of each class that the process has: of first coefficients or differences, then of the others.</param>
    /// <exception cref="ImagingException">Corrupt: a table is damaged, or of a class that the process does not have.</exception>
    public static void ReadAll(ReadOnlySpan<byte> segment, params ReadOnlySpan<HuffmanTable?[]> classes)
    {
        while (segment.Length >= 17)
        {
            var (kind, place, count) = (segment[0] >> 4, segment[0] & 15, 0);
            foreach (var number in segment.Slice(1, 16)) count += number;
            if (kind >= classes.Length || place > 3 || count > 256 || segment.Length < 17 + count) break;
            classes[kind][place] = new HuffmanTable(segment.Slice(1, 16), segment.Slice(17, count));
            segment = segment[(17 + count)..];
        }

        if (!segment.IsEmpty) throw ImagingException.Corrupt("a Huffman table of a JPEG code stream is damaged");
    }

    /// <summary>Length (high byte) and symbol of the code that these bits begin with; 0 if it is longer.</summary>
    public ushort Fast(int bits) => _fast[bits];

    /// <summary>
    /// An entry for each value of the next <see cref="FastBits"/> bits. Where these hold a code for a run and a size and the coefficient of that size as
    /// well: the coefficient (upper 16 bits), how many places further it is than the last (8 bits), and how many bits that takes (8 bits). For the end of a
    /// block the places are <see cref="EndOfBlock"/>. Else 0.
    /// </summary>
    public ref int FirstCoefficient => ref (_coefficients ??= Coefficients())[0];

    /// <summary>A code that is longer than <see cref="FastBits"/>.</summary>
    /// <param name="next">The next 16 bits.</param>
    /// <param name="length">How many of them are the code.</param>
    /// <returns>The symbol; -1 if there is no such code.</returns>
    public int Slow(int next, out int length)
    {
        for (length = 1; length <= MaxBits; length++)
        {
            var code = next >> (MaxBits - length);
            if (code > _maxCode[length]) continue;
            var index = code + _offset[length];
            return index >= 0 && index < _symbols.Length ? _symbols[index] : -1;
        }

        return -1;
    }

    private int[] Coefficients()
    {
        var coefficients = new int[1 << FastBits];
        for (var bits = 0; bits < coefficients.Length; bits++)
        {
            var (length, run, size) = (_fast[bits] >> 8, (_fast[bits] >> 4) & 15, _fast[bits] & 15);
            if (length > 0 && run == 0 && size == 0) coefficients[bits] = (EndOfBlock << 8) | length;
            if (length == 0 || size == 0 || length + size > FastBits) continue;
            var value = (bits >> (FastBits - length - size)) & ((1 << size) - 1);
            if (value < 1 << (size - 1)) value -= (1 << size) - 1;
            coefficients[bits] = (value << 16) | ((run + 1) << 8) | (length + size);
        }

        return coefficients;
    }
}
