using System.Runtime.InteropServices;
using Harmony.Dicom.Imaging.Frames;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>The samples of one component while they are decoded.</summary>
/// <param name="component">The component.</param>
/// <param name="samples">Room for them. Each block that holds pixels is written before it is read.</param>
/// <param name="width">Samples of a line.</param>
/// <param name="height">Lines.</param>
/// <param name="across">Blocks of a line that hold pixels.</param>
/// <param name="down">Lines of blocks that hold pixels.</param>
internal sealed class JpegPlane(JpegComponent component, byte[] samples, int width, int height, int across, int down)
{
    private const int Side = 8;
    private const int MaxDifferenceBits = 15;

    /// <summary>Places in a block, line by line, of the coefficients in the order of the code stream (ISO 10918-1 figure A.6).</summary>
    private static ReadOnlySpan<byte> Places =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    /// <summary>All 0 between blocks.</summary>
    private readonly int[] _block = new int[InverseDct.Size];
    private HuffmanTable? _first;
    private HuffmanTable? _other;
    private int[] _steps = [];
    private int _previous;

    /// <summary>The component.</summary>
    public JpegComponent Component => component;

    /// <summary>Blocks of a line that hold pixels.</summary>
    public int BlocksAcross => across;

    /// <summary>Lines of blocks that hold pixels.</summary>
    public int BlocksDown => down;

    /// <summary>Whether a scan has had it.</summary>
    public bool IsDecoded => _first is not null;

    /// <summary>The samples; longer than needed where they are rented.</summary>
    public byte[] Samples => samples;

    /// <summary>A scan begins that has this component.</summary>
    /// <param name="first">Codes of first coefficients.</param>
    /// <param name="other">Codes of the others.</param>
    /// <param name="steps">64 quantization steps, in the order of the code stream.</param>
    public void Begin(HuffmanTable first, HuffmanTable other, int[] steps) => (_first, _other, _steps, _previous) = (first, other, steps, 0);

    /// <summary>The first coefficient of the next block is coded by itself.</summary>
    public void Restart() => _previous = 0;

    /// <summary>Decodes the next block of the scan.</summary>
    /// <exception cref="ImagingException">Corrupt.</exception>
    public void Block(ref JpegBits bits, int x, int y)
    {
        var size = bits.Symbol(_first!);
        if (size > MaxDifferenceBits) throw ImagingException.Corrupt("the bits of a JPEG code stream are damaged");
        if (size > 0) _previous += bits.Extended(size);
        var used = bits.Coefficients(_other!, _steps, Places, _block);
        if ((x + 1) * Side <= width && (y + 1) * Side <= height) Transform(used, samples.AsSpan((y * Side * width) + (x * Side)), width);
        else TransformLast(used, x, y);
    }

    private void Transform(ulong used, Span<byte> to, int stride)
    {
        if (used == 0)
        {
            InverseDct.Flat(_previous * _steps[0], to, stride);
            return;
        }

        _block[0] = _previous * _steps[0];
        InverseDct.Transform(_block, used, to, stride);
        Array.Clear(_block);
    }

    /// <summary>Transforms a block of which there is no room for all samples.</summary>
    private void TransformLast(ulong used, int x, int y)
    {
        Span<byte> all = stackalloc byte[InverseDct.Size];
        Transform(used, all, Side);
        var (columns, lines) = (Math.Min(Side, width - (x * Side)), Math.Min(Side, height - (y * Side)));
        for (var line = 0; line < lines; line++) all.Slice(line * Side, columns).CopyTo(samples.AsSpan((((y * Side) + line) * width) + (x * Side)));
    }

    /// <summary>Puts the samples into a frame, those that pixels share for each of them.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="format">What the frame is.</param>
    /// <param name="index">Which of the frame's samples this component is, from 0.</param>
    /// <param name="largest">The largest sampling factors of all components.</param>
    public void CopyTo(byte[] frame, PixelFormat format, int index, (int Horizontal, int Vertical) largest)
    {
        var (horizontal, vertical) = largest;
        var (isWhole, isHalf) = (component.Horizontal == horizontal, 2 * component.Horizontal == horizontal);
        var (step, columns) = (format.Samples, format.Columns);
        var words = format.BytesPerSample == 2 ? NativeSamples.Words(frame) : MemoryMarshal.Cast<byte, ushort>(Span<byte>.Empty);
        for (var row = 0; row < format.Rows; row++)
        {
            var line = samples.AsSpan(row * component.Vertical / vertical * width, width);
            var to = (row * columns * step) + index;
            if (format.BytesPerSample == 1 && isWhole) for (var x = 0; x < columns; x++, to += step) frame[to] = line[x];
            else if (format.BytesPerSample == 1 && isHalf) for (var x = 0; x < columns; x++, to += step) frame[to] = line[x >> 1];
            else if (format.BytesPerSample == 1) for (var x = 0; x < columns; x++, to += step) frame[to] = line[x * component.Horizontal / horizontal];
            else if (format.BytesPerSample == 2) for (var x = 0; x < columns; x++, to += step) words[to] = line[x * component.Horizontal / horizontal];
            else for (var x = 0; x < columns; x++, to += step) frame[to * format.BytesPerSample] = line[x * component.Horizontal / horizontal];
        }
    }
}
