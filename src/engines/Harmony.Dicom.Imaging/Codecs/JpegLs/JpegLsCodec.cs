using Harmony.Dicom.Imaging.Codecs.Jpeg;
using Harmony.Dicom.Imaging.Frames;

namespace Harmony.Dicom.Imaging.Codecs.JpegLs;

/// <summary>JPEG-LS (ISO 14495-1) by CharLS, a library of the system.</summary>
internal static unsafe class JpegLsCodec
{
    private static ReadOnlySpan<byte> EndOfImage => [0xFF, 0xD9];

    /// <summary>Decodes a code stream whose header has been checked against the format.</summary>
    /// <exception cref="ImagingException">Corrupt, or the library is missing.</exception>
    public static byte[] Decode(JpegHeader header, PixelFormat format, ReadOnlySpan<byte> bytes)
    {
        NativeLibraries.CharLs.Require();
        // CharLS searches what is cut off for the next bit that is set, for seconds.
        if (!bytes.TrimEnd((byte)0).EndsWith(EndOfImage)) throw ImagingException.Corrupt("a JPEG-LS code stream has no end");
        var decoder = CharLs.CreateDecoder();
        if (decoder == 0) throw new ImagingException(ImagingErrorKind.TooLarge, "CharLS cannot make a decoder: there is not enough memory");
        try
        {
            fixed (byte* source = bytes)
            {
                Check(CharLs.SetSource(decoder, source, (nuint)bytes.Length));
                Check(CharLs.ReadHeader(decoder));
                CharLs.FrameInfo info;
                CharLs.InterleaveMode mode;
                nuint needed;
                Check(CharLs.GetFrameInfo(decoder, &info));
                Check(CharLs.GetInterleaveMode(decoder, &mode));
                Check(CharLs.GetDestinationSize(decoder, 0, &needed));
                var size = header.Precision <= 8 ? 1 : 2;
                var length = format.PixelCount * format.Samples * size;
                if (info.Width != format.Columns || info.Height != format.Rows || info.ComponentCount != format.Samples || (long)needed != length)
                {
                    throw ImagingException.Corrupt("a JPEG-LS code stream has two frame headers that contradict each other");
                }

                var samples = GC.AllocateUninitializedArray<byte>((int)length);
                fixed (byte* destination = samples) Check(CharLs.Decode(decoder, destination, (nuint)samples.Length, 0));
                if (mode == CharLs.InterleaveMode.None && format.Samples > 1) samples = NativeSamples.Interleave(samples, size);
                return Widen(samples, size, format.BytesPerSample);
            }
        }
        finally
        {
            CharLs.DestroyDecoder(decoder);
        }
    }

    /// <summary>Encodes a frame.</summary>
    /// <param name="image">Samples of 2 to 16 bits.</param>
    /// <param name="precision">Their bits.</param>
    /// <param name="near">How far decoded samples may be off; 0: not at all.</param>
    public static byte[] Encode(FrameImage image, int precision, int near)
    {
        NativeLibraries.CharLs.Require();
        var format = image.Format;
        var encoder = CharLs.CreateEncoder();
        if (encoder == 0) throw new ImagingException(ImagingErrorKind.TooLarge, "CharLS cannot make an encoder: there is not enough memory");
        try
        {
            var info = new CharLs.FrameInfo
            {
                Width = (uint)format.Columns, Height = (uint)format.Rows, BitsPerSample = precision, ComponentCount = format.Samples
            };
            Check(CharLs.SetFrameInfo(encoder, &info));
            Check(CharLs.SetNearLossless(encoder, near));
            Check(CharLs.SetInterleaveMode(encoder, format.Samples == 1 ? CharLs.InterleaveMode.None : CharLs.InterleaveMode.Line));
            nuint size;
            Check(CharLs.GetEstimatedSize(encoder, &size));
            // Noise may take more than the library estimates.
            var output = GC.AllocateUninitializedArray<byte>((int)Math.Min((ulong)size + (ulong)(image.Bytes.Length / 2) + 1024, int.MaxValue - (64 * 1024)));
            fixed (byte* source = image.Bytes, destination = output)
            {
                Check(CharLs.SetDestination(encoder, destination, (nuint)output.Length));
                Check(CharLs.Encode(encoder, source, (nuint)image.Bytes.Length, 0));
                Check(CharLs.GetBytesWritten(encoder, &size));
            }

            return output.AsSpan(0, (int)size).ToArray();
        }
        finally
        {
            CharLs.DestroyEncoder(encoder);
        }
    }

    private static byte[] Widen(byte[] samples, int size, int wanted)
    {
        if (size == wanted) return samples;
        var wide = new byte[samples.Length / size * wanted];
        for (int from = 0, to = 0; from < samples.Length; from += size, to += wanted) samples.AsSpan(from, size).CopyTo(wide.AsSpan(to));
        return wide;
    }

    private static void Check(int error)
    {
        if (error != 0) throw ImagingException.Corrupt($"a JPEG-LS code stream is damaged, or is of a kind that CharLS does not know (its error {error})");
    }
}
