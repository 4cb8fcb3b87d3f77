using System.Buffers.Binary;
using Harmony.Dicom.Imaging.Frames;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// JPEG lossless (ISO 10918-1 §H): Huffman coding, all seven predictors, 2 to 16 bits, one or several components in a scan, restart intervals, point
/// transform.
/// </summary>
internal sealed class LosslessJpegDecoder
{
    private readonly HuffmanTable?[] _tables = new HuffmanTable?[4];
    private readonly JpegHeader _header;
    private readonly PixelFormat _format;
    private readonly byte[] _samples;
    private readonly bool[] _decoded;
    private int _restartInterval;

    private LosslessJpegDecoder(JpegHeader header, PixelFormat format)
    {
        (_header, _format) = (header, format);
        _samples = new byte[(int)format.FrameLength];
        _decoded = new bool[header.Components.Length];
    }

    /// <summary>Decodes a code stream whose header has been checked against the format.</summary>
    public static byte[] Decode(JpegHeader header, PixelFormat format, ReadOnlySpan<byte> bytes)
    {
        if (header.IsSubsampled) throw new ImagingException(ImagingErrorKind.Unsupported, "a lossless JPEG code stream has components of different sizes");
        var decoder = new LosslessJpegDecoder(header, format);
        decoder.Decode(bytes);
        return decoder._samples;
    }

    private void Decode(ReadOnlySpan<byte> bytes)
    {
        var at = 2;
        while (JpegHeader.TrySegment(bytes, ref at, out var marker, out var segment) && marker != JpegHeader.EndOfImage)
        {
            switch (marker)
            {
                case JpegHeader.DefineHuffman: HuffmanTable.ReadAll(segment, _tables); break;
                case JpegHeader.DefineRestart when segment.Length >= 2: _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment); break;
                case JpegHeader.StartOfScan: at = Scan(bytes, at, segment); break;
                default: break;
            }

            if (Array.TrueForAll(_decoded, d => d)) return;
        }

        throw ImagingException.Corrupt("a JPEG code stream ends before all of its components do");
    }

    /// <returns>Where the scan ends.</returns>
    private int Scan(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> segment)
    {
        var parts = new ScanComponent[JpegHeader.ComponentsOfScan(segment)];
        for (var i = 0; i < parts.Length; i++)
        {
            var (id, table) = (segment[1 + (2 * i)], segment[2 + (2 * i)] >> 4);
            var index = Array.FindIndex(_header.Components, c => c.Id == id);
            if (index < 0 || _decoded[index] || table > 3 || _tables[table] is not { } huffman)
                throw ImagingException.Corrupt("a scan of a JPEG code stream names what there is not");
            _decoded[index] = true;
            parts[i] = new ScanComponent(index, huffman, new ushort[_format.Columns + 1], new ushort[_format.Columns + 1]);
        }

        var predictor = segment[^3];
        var pointTransform = segment[^1] & 15;
        if (predictor is < 1 or > 7)
            throw new ImagingException(ImagingErrorKind.Unsupported, $"a lossless JPEG code stream with predictor {predictor}: 1 to 7 are supported");
        if (pointTransform >= _header.Precision) throw ImagingException.Corrupt("the point transform of a JPEG code stream is damaged");
        var bits = new JpegBits(bytes, at);
        Lines(ref bits, parts, predictor, pointTransform);
        return bits.FindMarker();
    }

    private void Lines(ref JpegBits bits, ScanComponent[] parts, int predictor, int pointTransform)
    {
        var columns = _format.Columns;
        if (_restartInterval % columns != 0) throw new ImagingException(ImagingErrorKind.Unsupported, "a lossless JPEG code stream restarts within a line");
        var linesOfInterval = _restartInterval / columns;
        var initial = 1 << (_header.Precision - pointTransform - 1);
        for (var row = 0; row < _format.Rows; row++)
        {
            var isFirst = row == 0;
            if (linesOfInterval > 0 && row > 0 && row % linesOfInterval == 0)
            {
                bits.Restart((row / linesOfInterval - 1) & 7);
                isFirst = true;
            }

            // The sample left of the first one: that above it is predicted from, and in the first line the middle of the range.
            foreach (var part in parts) part.Current[0] = (ushort)(isFirst ? initial : part.Above[1]);
            if (parts.Length == 1) Line(ref bits, parts[0], isFirst ? 1 : predictor);
            else Interleaved(ref bits, parts, isFirst ? 1 : predictor);
            if (bits.IsOverrun) throw ImagingException.Corrupt($"a JPEG code stream ends in line {row + 1} of {_format.Rows}");
            for (var i = 0; i < parts.Length; i++)
            {
                Write(parts[i], row, pointTransform);
                parts[i] = parts[i] with { Above = parts[i].Current, Current = parts[i].Above };
            }
        }
    }

    /// <summary>A line of one component. Element x + 1 of the lines is the sample of column x.</summary>
    private static void Line(ref JpegBits bits, ScanComponent part, int predictor)
    {
        var (current, above, table) = (part.Current, part.Above, part.Table);
        int left = current[0];
        current[1] = (ushort)(left + Difference(ref bits, table));
        left = current[1];
        for (var x = 2; x < current.Length; x++)
        {
            left = (ushort)(Predict(predictor, left, above[x], above[x - 1]) + Difference(ref bits, table));
            current[x] = (ushort)left;
        }
    }

    private static void Interleaved(ref JpegBits bits, ScanComponent[] parts, int predictor)
    {
        var length = parts[0].Current.Length;
        for (var x = 1; x < length; x++)
        {
            foreach (var (_, table, current, above) in parts)
            {
                var prediction = x == 1 ? current[0] : Predict(predictor, current[x - 1], above[x], above[x - 1]);
                current[x] = (ushort)(prediction + Difference(ref bits, table));
            }
        }
    }

    private static int Predict(int predictor, int left, int above, int diagonal) => predictor switch
    {
        1 => left,
        2 => above,
        3 => diagonal,
        4 => left + above - diagonal,
        5 => left + ((above - diagonal) >> 1),
        6 => above + ((left - diagonal) >> 1),
        _ => (left + above) >> 1,
    };

    private static int Difference(ref JpegBits bits, HuffmanTable table)
    {
        var size = bits.Symbol(table);
        // 16 has no further bits: it stands for 32768 (§H.1.2.2).
        return size == 0
            ? 0
            : size < 16 ? bits.Extended(size) : size == 16 ? 32768 : throw ImagingException.Corrupt("the bits of a JPEG code stream are damaged");
    }

    private void Write(ScanComponent part, int row, int pointTransform)
    {
        var step = _format.Samples;
        var first = (row * _format.Columns * step) + part.Index;
        var line = part.Current.AsSpan(1);
        if (_format.BytesPerSample == 1)
        {
            for (int x = 0, to = first; x < line.Length; x++, to += step) _samples[to] = (byte)(line[x] << pointTransform);
            return;
        }

        if (_format.BytesPerSample == 2)
        {
            var words = NativeSamples.Words(_samples);
            if (step == 1 && pointTransform == 0) line.CopyTo(words[first..]);
            else for (int x = 0, to = first; x < line.Length; x++, to += step) words[to] = (ushort)(line[x] << pointTransform);
            return;
        }

        for (int x = 0, to = first; x < line.Length; x++, to += step)
            BinaryPrimitives.WriteUInt16LittleEndian(_samples.AsSpan(to * _format.BytesPerSample), (ushort)(line[x] << pointTransform));
    }

    /// <param name="Index">Which component.</param>
    /// <param name="Table">Its Huffman table.</param>
    /// <param name="Current">The line that is decoded.</param>
    /// <param name="Above">The line before it.</param>
    private readonly record struct ScanComponent(int Index, HuffmanTable Table, ushort[] Current, ushort[] Above);
}
