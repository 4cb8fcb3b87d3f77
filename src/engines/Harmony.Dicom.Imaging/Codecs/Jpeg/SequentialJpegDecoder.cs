using System.Buffers;
using System.Buffers.Binary;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// JPEG by discrete cosine transform, sequential, with Huffman codes and samples of 8 bits (ISO 10918-1 §F): what almost all baseline frames are. Colours
/// stay as they are coded; those that pixels share are repeated for each.
/// </summary>
internal sealed class SequentialJpegDecoder
{
    private const int Side = 8;

    private readonly HuffmanTable?[] _first = new HuffmanTable?[4];
    private readonly HuffmanTable?[] _other = new HuffmanTable?[4];
    private readonly int[]?[] _steps = new int[]?[4];
    private readonly JpegPlane[] _planes;
    private readonly (int Horizontal, int Vertical) _largest;
    private readonly (int Across, int Down) _units;
    private int _restartInterval;

    private SequentialJpegDecoder(JpegHeader header, byte[]? frame)
    {
        var (horizontal, vertical) = _largest = (header.Components.Max(c => c.Horizontal), header.Components.Max(c => c.Vertical));
        _units = (Ceiling(header.Columns, Side * horizontal), Ceiling(header.Rows, Side * vertical));
        _planes = Array.ConvertAll(header.Components, c =>
        {
            var across = Ceiling(Ceiling(header.Columns * c.Horizontal, horizontal), Side);
            var down = Ceiling(Ceiling(header.Rows * c.Vertical, vertical), Side);
            if (frame is not null) return new JpegPlane(c, frame, header.Columns, header.Rows, across, down);
            var (width, height) = (_units.Across * c.Horizontal * Side, _units.Down * c.Vertical * Side);
            return new JpegPlane(c, ArrayPool<byte>.Shared.Rent(width * height), width, height, across, down);
        });
    }

    /// <summary>Whether a code stream is of the kind that this decodes.</summary>
    public static bool CanDecode(JpegHeader header) => header is { Process: 0xC0 or 0xC1, Precision: 8 };

    /// <summary>Decodes a code stream whose header has been checked against the format.</summary>
    /// <exception cref="ImagingException">Corrupt.</exception>
    public static byte[] Decode(JpegHeader header, PixelFormat format, ReadOnlySpan<byte> bytes)
    {
        // Every byte is written where samples are bytes, or the code stream is corrupt.
        var isBytes = format.BytesPerSample == 1;
        var samples = isBytes ? GC.AllocateUninitializedArray<byte>((int)format.FrameLength) : new byte[(int)format.FrameLength];
        if (isBytes && header.Components.Length == 1)
        {
            new SequentialJpegDecoder(header, samples).Decode(bytes);
            return samples;
        }

        var decoder = new SequentialJpegDecoder(header, frame: null);
        try
        {
            decoder.Decode(bytes);
            for (var i = 0; i < decoder._planes.Length; i++) decoder._planes[i].CopyTo(samples, format, i, decoder._largest);
            return samples;
        }
        finally
        {
            foreach (var plane in decoder._planes) ArrayPool<byte>.Shared.Return(plane.Samples);
        }
    }

    private void Decode(ReadOnlySpan<byte> bytes)
    {
        var at = 2;
        while (JpegHeader.TrySegment(bytes, ref at, out var marker, out var segment) && marker != JpegHeader.EndOfImage)
        {
            switch (marker)
            {
                case JpegHeader.DefineHuffman: HuffmanTable.ReadAll(segment, _first, _other); break;
                case JpegHeader.DefineQuantization: ReadSteps(segment); break;
                case JpegHeader.DefineRestart when segment.Length >= 2: _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment); break;
                case JpegHeader.StartOfScan: at = Scan(bytes, at, segment); break;
                default: break;
            }

            if (Array.TrueForAll(_planes, p => p.IsDecoded)) return;
        }

        throw ImagingException.Corrupt("a JPEG code stream ends before all of its components do");
    }

    /// <summary>Quantization steps, in the order of the coefficients in the code stream (§B.2.4.1).</summary>
    private void ReadSteps(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            var (size, place) = ((segment[0] >> 4) + 1, segment[0] & 15);
            if (size > 2 || place > 3 || segment.Length < 1 + (size * InverseDct.Size))
                throw ImagingException.Corrupt("a quantization table of a JPEG code stream is damaged");
            var steps = _steps[place] = new int[InverseDct.Size];
            for (var i = 0; i < steps.Length; i++) steps[i] = size == 1 ? segment[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]);
            segment = segment[(1 + (size * InverseDct.Size))..];
        }
    }

    /// <returns>Where the scan ends.</returns>
    private int Scan(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> segment)
    {
        var parts = new JpegPlane[JpegHeader.ComponentsOfScan(segment)];
        for (var i = 0; i < parts.Length; i++)
        {
            var (id, tables) = (segment[1 + (2 * i)], segment[2 + (2 * i)]);
            var plane = Array.Find(_planes, p => p.Component.Id == id);
            if (plane is null || plane.IsDecoded || tables >> 4 > 3 || (tables & 15) > 3 || _first[tables >> 4] is not { } first
                || _other[tables & 15] is not { } other
                || plane.Component.Table > 3 || _steps[plane.Component.Table] is not { } steps)
            {
                throw ImagingException.Corrupt("a scan of a JPEG code stream names what there is not");
            }

            parts[i] = plane;
            plane.Begin(first, other, steps);
        }

        var bits = new JpegBits(bytes, at);
        if (parts.Length == 1) Alone(ref bits, parts[0]);
        else Interleaved(ref bits, parts);
        return bits.FindMarker();
    }

    /// <summary>A scan of one component has the blocks that hold pixels, line by line (§A.2.2).</summary>
    private void Alone(ref JpegBits bits, JpegPlane plane)
    {
        var count = 0;
        for (var y = 0; y < plane.BlocksDown; y++)
        {
            for (var x = 0; x < plane.BlocksAcross; x++)
            {
                if (_restartInterval > 0 && count > 0 && count % _restartInterval == 0) Restart(ref bits, (count / _restartInterval) - 1, plane);
                plane.Block(ref bits, x, y);
                count++;
            }

            if (bits.IsOverrun) throw ImagingException.Corrupt($"a JPEG code stream ends in line {y + 1} of {plane.BlocksDown} lines of blocks");
        }
    }

    /// <summary>A scan of several components has blocks of each by turns (§A.2.3).</summary>
    private void Interleaved(ref JpegBits bits, JpegPlane[] parts)
    {
        var count = 0;
        for (var unitY = 0; unitY < _units.Down; unitY++)
        {
            for (var unitX = 0; unitX < _units.Across; unitX++)
            {
                if (_restartInterval > 0 && count > 0 && count % _restartInterval == 0) Restart(ref bits, (count / _restartInterval) - 1, parts);
                foreach (var plane in parts)
                {
                    var (horizontal, vertical) = (plane.Component.Horizontal, plane.Component.Vertical);
                    for (var y = 0; y < vertical; y++)
                    {
                        for (var x = 0; x < horizontal; x++) plane.Block(ref bits, (unitX * horizontal) + x, (unitY * vertical) + y);
                    }
                }

                count++;
            }

            if (bits.IsOverrun) throw ImagingException.Corrupt($"a JPEG code stream ends in line {unitY + 1} of {_units.Down} lines of blocks");
        }
    }

    private static void Restart(ref JpegBits bits, int number, params JpegPlane[] parts)
    {
        bits.Restart(number & 7);
        foreach (var plane in parts) plane.Restart();
    }

    private static int Ceiling(int value, int divisor) => (value + divisor - 1) / divisor;
}
