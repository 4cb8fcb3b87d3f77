using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using JpegLibrary;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// JPEG by discrete cosine transform (baseline, extended, progressive; 8 and 12 bits). Sequential code streams of 8 bits have a decoder of their own, which is
/// as fast as libjpeg-turbo; JpegLibrary decodes the others. Colours stay as they are coded.
/// </summary>
internal static class DctJpegDecoder
{
    /// <summary>Decodes a code stream whose header has been checked against the format.</summary>
    /// <exception cref="ImagingException">Corrupt.</exception>
    public static byte[] Decode(JpegHeader header, PixelFormat format, ReadOnlyMemory<byte> bytes)
    {
        var samples = SequentialJpegDecoder.CanDecode(header) ? SequentialJpegDecoder.Decode(header, format, bytes.Span) : ByLibrary(header, format, bytes);
        if (header.IsSubsampled && format is { Samples: 3, BytesPerSample: 1 }) ColorUpsampling.Smooth(header, format, samples);
        return samples;
    }

    private static byte[] ByLibrary(JpegHeader header, PixelFormat format, ReadOnlyMemory<byte> bytes)
    {
        var samples = new byte[(int)format.FrameLength];
        var writer = new SampleWriter(header, format, samples);
        try
        {
            var decoder = new JpegDecoder();
            decoder.SetInput(bytes);
            decoder.Identify(loadQuantizationTables: true);
            if (decoder.Width != format.Columns || decoder.Height != format.Rows || decoder.NumberOfComponents != format.Samples)
            {
                throw ImagingException.Corrupt("a JPEG code stream has two frame headers that contradict each other");
            }

            decoder.SetOutputWriter(writer);
            decoder.Decode();
        }
        catch (Exception e) when (e is not (ImagingException or OutOfMemoryException))
        {
            // What the library throws at damaged input is not specified: any of its exceptions says that.
            throw ImagingException.Corrupt("a JPEG code stream is damaged", e);
        }

        if (!writer.HasWritten) throw ImagingException.Corrupt("a JPEG code stream has no pixels");
        return samples;
    }

    /// <summary>Takes blocks of 8 × 8 samples, which the library has brought to the size of the image.</summary>
    private sealed class SampleWriter(JpegHeader header, PixelFormat format, byte[] samples) : JpegBlockOutputWriter
    {
        private const int Side = 8;
        private readonly int _max = (1 << header.Precision) - 1;

        public bool HasWritten { get; private set; }

        public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
        {
            if (x >= format.Columns || y >= format.Rows || componentIndex >= format.Samples) return;
            HasWritten = true;
            var (width, height) = (Math.Min(Side, format.Columns - x), Math.Min(Side, format.Rows - y));
            var size = format.BytesPerSample;
            var step = format.Samples * size;
            for (var row = 0; row < height; row++)
            {
                var to = ((((y + row) * format.Columns) + x) * step) + (componentIndex * size);
                ref var line = ref Unsafe.Add(ref blockRef, row * Side);
                for (var column = 0; column < width; column++, to += step)
                {
                    var value = Math.Clamp((int)Unsafe.Add(ref line, column), 0, _max);
                    if (size == 1) samples[to] = (byte)value;
                    else BinaryPrimitives.WriteUInt16LittleEndian(samples.AsSpan(to), (ushort)value);
                }
            }
        }
    }
}
