using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg2000;

/// <summary>JPEG 2000 and HTJ2K (ISO 15444-1, -15) by OpenJPEG, a library of the system. It undoes the colour transform that the code stream names.</summary>
internal static unsafe class Jpeg2000Codec
{
    private const int DecoderParametersSize = 16 * 1024;

    /// <summary>Decodes a frame.</summary>
    /// <exception cref="ImagingException">Corrupt, or the library is missing.</exception>
    public static byte[] Decode(PixelFormat format, ReadOnlySpan<byte> stored)
    {
        NativeLibraries.OpenJpeg.Require();
        var bytes = Jpeg2000Header.CodeStream(stored);
        var header = Jpeg2000Header.Read(bytes);
        header.Check(format);
        nint codec = 0, stream = 0;
        OpenJpeg.Image* image = null;
        fixed (byte* data = bytes)
        {
            var memory = new MemoryBlock { Data = data, Length = bytes.Length };
            var parameters = stackalloc byte[DecoderParametersSize];
            try
            {
                stream = MemoryBlock.CreateStream(&memory, isInput: true);
                codec = OpenJpeg.CreateDecoder(OpenJpeg.CodeStream);
                OpenJpeg.SetDefaults(parameters);
                if (codec == 0 || OpenJpeg.SetUpDecoder(codec, parameters) == 0)
                    throw new ImagingException(ImagingErrorKind.TooLarge, "OpenJPEG cannot make a decoder: there is not enough memory");
                if (OpenJpeg.ReadHeader(stream, codec, &image) == 0 || OpenJpeg.Decode(codec, stream, image) == 0) throw Damaged();
                return Samples(image, format, header.IsLossy && header.Precision > format.BitsStored);
            }
            finally
            {
                if (image != null) OpenJpeg.DestroyImage(image);
                if (stream != 0) OpenJpeg.DestroyStream(stream);
                if (codec != 0) OpenJpeg.DestroyCodec(codec);
            }
        }
    }

    /// <summary>Encodes a frame.</summary>
    /// <param name="image">Samples of up to 16 bits.</param>
    /// <param name="precision">Their bits.</param>
    /// <param name="isSigned">Whether they are in two's complement.</param>
    /// <param name="rate">How many times smaller it is to be, with loss; 0: as small as it gets without.</param>
    public static byte[] Encode(FrameImage image, int precision, bool isSigned, float rate)
    {
        NativeLibraries.OpenJpeg.Require();
        nint codec = 0, stream = 0;
        OpenJpeg.Image* target = null;
        var memory = new MemoryBlock { Limit = image.Bytes.Length * 2L + (1 << 20) };
        try
        {
            target = ImageOf(image, precision, isSigned);
            OpenJpeg.EncoderParameters parameters;
            OpenJpeg.SetDefaults(&parameters);
            parameters.LayerCount = 1;
            parameters.FirstRate = rate;
            parameters.AllocatesByRate = 1;
            parameters.IsIrreversible = rate > 0 ? 1 : 0;
            parameters.UsesColorTransform = (byte)(image.Format is { Samples: 3, Photometric: PhotometricInterpretation.Rgb } ? 1 : 0);
            parameters.ResolutionCount = Math.Min(6, 1 + (int)Math.Log2(Math.Min(image.Format.Rows, image.Format.Columns)));
            codec = OpenJpeg.CreateEncoder(OpenJpeg.CodeStream);
            stream = MemoryBlock.CreateStream(&memory, isInput: false);
            if (codec == 0
                || OpenJpeg.SetUpEncoder(codec, &parameters, target) == 0
                || OpenJpeg.StartEncoding(codec, target, stream) == 0
                || OpenJpeg.Encode(codec, stream) == 0
                || OpenJpeg.EndEncoding(codec, stream) == 0)
            {
                throw new ImagingException(ImagingErrorKind.Unsupported,
                    $"OpenJPEG cannot encode a frame of {image.Format.Columns} × {image.Format.Rows} pixels with {precision} bits");
            }

            return new ReadOnlySpan<byte>(memory.Data, (int)memory.Length).ToArray();
        }
        finally
        {
            if (target != null) OpenJpeg.DestroyImage(target);
            if (stream != 0) OpenJpeg.DestroyStream(stream);
            if (codec != 0) OpenJpeg.DestroyCodec(codec);
            NativeMemory.Free(memory.Data);
        }
    }

    private static byte[] Samples(OpenJpeg.Image* image, PixelFormat format, bool clamps)
    {
        if (image->ComponentCount < format.Samples) throw Damaged();
        var samples = GC.AllocateUninitializedArray<byte>((int)format.FrameLength);
        for (var c = 0; c < format.Samples; c++)
        {
            var component = image->Components[c];
            if (component.Data == null || component.StepX is 0 or > 4 || component.StepY is 0 or > 4) throw Damaged();
            if (component.Width < (format.Columns + component.StepX - 1) / component.StepX
                || component.Height < (format.Rows + component.StepY - 1) / component.StepY) throw Damaged();
            if (clamps) Clamp(component, format);
            Copy(component, format, samples, c);
        }

        return samples;
    }

    /// <summary>Values that are a little too large would be taken for small ones, as their upper bits are not stored.</summary>
    private static void Clamp(OpenJpeg.Component component, PixelFormat format)
    {
        var (low, high) = format.IsSigned ? (-(1L << (format.BitsStored - 1)), (1L << (format.BitsStored - 1)) - 1) : (0, (1L << format.BitsStored) - 1);
        var values = new Span<int>(component.Data, (int)Math.Min(int.MaxValue, (long)component.Width * component.Height));
        foreach (ref var value in values) value = (int)Math.Clamp(value, low, high);
    }

    private static void Copy(OpenJpeg.Component component, PixelFormat format, byte[] samples, int index)
    {
        var step = format.Samples;
        for (var y = 0; y < format.Rows; y++)
        {
            var line = new ReadOnlySpan<int>(component.Data + ((long)(y / component.StepY) * component.Width), (int)component.Width);
            var first = (y * format.Columns * step) + index;
            if (component.StepX > 1)
            {
                var wide = new int[format.Columns];
                for (var x = 0; x < wide.Length; x++) wide[x] = line[x / (int)component.StepX];
                line = wide;
            }

            line = line[..format.Columns];
            switch (format.BytesPerSample)
            {
                case 1:
                    for (int x = 0, to = first; x < line.Length; x++, to += step) samples[to] = (byte)line[x];
                    break;
                case 2:
                    var words = MemoryMarshal.Cast<byte, ushort>(samples.AsSpan());
                    for (int x = 0, to = first; x < line.Length; x++, to += step) words[to] = (ushort)line[x];
                    break;
                case 4:
                    var longs = MemoryMarshal.Cast<byte, int>(samples.AsSpan());
                    for (int x = 0, to = first; x < line.Length; x++, to += step) longs[to] = line[x];
                    break;
                default:
                    var quads = MemoryMarshal.Cast<byte, long>(samples.AsSpan());
                    for (int x = 0, to = first; x < line.Length; x++, to += step) quads[to] = line[x];
                    break;
            }
        }
    }

    private static OpenJpeg.Image* ImageOf(FrameImage image, int precision, bool isSigned)
    {
        const int Grey = 2, Srgb = 1;
        var format = image.Format;
        var parameters = stackalloc OpenJpeg.ComponentParameters[3];
        for (var i = 0; i < format.Samples; i++)
        {
            parameters[i] = new OpenJpeg.ComponentParameters
            {
                StepX = 1, StepY = 1, Width = (uint)format.Columns, Height = (uint)format.Rows, Precision = (uint)precision, Bpp = (uint)precision,
                IsSigned = isSigned ? 1u : 0,
            };
        }

        var target = OpenJpeg.CreateImage((uint)format.Samples, parameters, format.Samples == 1 ? Grey : Srgb);
        if (target == null) throw new ImagingException(ImagingErrorKind.TooLarge, "OpenJPEG cannot make an image: there is not enough memory");
        (target->X1, target->Y1) = ((uint)format.Columns, (uint)format.Rows);
        var words = MemoryMarshal.Cast<byte, ushort>(image.Bytes.AsSpan());
        var (mask, shift) = ((1 << precision) - 1, 32 - precision);
        for (var c = 0; c < format.Samples; c++)
        {
            var data = target->Components[c].Data;
            for (int i = 0, from = c; i < format.PixelCount; i++, from += format.Samples)
            {
                var value = format.BytesPerSample == 1 ? image.Bytes[from] : words[from];
                data[i] = isSigned ? value << shift >> shift : value & mask;
            }
        }

        return target;
    }

    private static ImagingException Damaged() => ImagingException.Corrupt("a JPEG 2000 code stream is damaged, or is of a kind that OpenJPEG does not know");
}
