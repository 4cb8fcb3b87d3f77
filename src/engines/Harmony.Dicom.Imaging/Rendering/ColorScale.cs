using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>From samples of colour images to red, green and blue: PS3.3 §C.7.6.3.1.2.</summary>
internal static class ColorScale
{
    /// <summary>Makes colours of a frame.</summary>
    public static byte[] Render(DicomDataSet dataSet, FrameImage image, int depth)
    {
        var format = image.Format;
        var pixels = new byte[(int)(format.PixelCount * 3 * depth / 8)];
        if (format.Photometric == PhotometricInterpretation.PaletteColor) FromPalette(Palette.Of(dataSet, format.IsSigned), image, pixels, depth);
        else if (format is { BytesPerSample: 1, BitsStored: 8 } && depth == 8) FromBytes(image, pixels);
        else FromSamples(image, pixels, depth);
        return pixels;
    }

    /// <summary>The same frame in RGB; what already is, stays as it is.</summary>
    public static FrameImage ToRgb(FrameImage image)
    {
        var format = image.Format;
        if (format.Samples == 1 || format.Photometric == PhotometricInterpretation.Rgb) return image;
        if (format.BytesPerSample > 2)
            throw new ImagingException(ImagingErrorKind.Unsupported, $"colours of {format.BitsAllocated} bits a sample are not converted");
        var samples = new byte[image.Bytes.Length];
        if (format is { BytesPerSample: 1, BitsStored: 8 }) FromBytes(image, samples);
        else FromSamples(image, samples, 8 * format.BytesPerSample, (1 << format.BitsStored) - 1);
        return new FrameImage(format with { Photometric = PhotometricInterpretation.Rgb, HighBit = format.BitsStored - 1 }, samples);
    }

    private static void FromPalette(Palette palette, FrameImage image, byte[] pixels, int depth)
    {
        var (reader, max) = (new SampleReader(image.Format), (1 << depth) - 1);
        Span<ushort> color = stackalloc ushort[3];
        for (var i = 0; i < image.Format.PixelCount; i++)
        {
            palette.Color((int)Math.Clamp(reader.Read(image.Bytes, i), int.MinValue, int.MaxValue), max, color);
            for (var c = 0; c < 3; c++) Write(pixels, (3 * i) + c, depth, color[c]);
        }
    }

    /// <summary>The usual case: 8 bits, in whole numbers.</summary>
    private static void FromBytes(FrameImage image, byte[] pixels)
    {
        var samples = image.Bytes;
        switch (image.Format.Photometric)
        {
            case PhotometricInterpretation.YbrFull or PhotometricInterpretation.YbrFull422:
                for (var i = 0; i + 2 < samples.Length; i += 3)
                {
                    var (y, cb, cr) = (samples[i] << 16, samples[i + 1] - 128, samples[i + 2] - 128);
                    pixels[i] = Byte(y + (91881 * cr));
                    pixels[i + 1] = Byte(y - (22554 * cb) - (46802 * cr));
                    pixels[i + 2] = Byte(y + (116130 * cb));
                }

                break;
            case PhotometricInterpretation.YbrPartial420 or PhotometricInterpretation.YbrPartial422:
                for (var i = 0; i + 2 < samples.Length; i += 3)
                {
                    var (y, cb, cr) = (76309 * (samples[i] - 16), samples[i + 1] - 128, samples[i + 2] - 128);
                    pixels[i] = Byte(y + (104597 * cr));
                    pixels[i + 1] = Byte(y - (25675 * cb) - (53279 * cr));
                    pixels[i + 2] = Byte(y + (132201 * cb));
                }

                break;
            default:
                samples.CopyTo(pixels, 0);
                break;
        }
    }

    private static byte Byte(int scaled) => (byte)Math.Clamp((scaled + 32768) >> 16, 0, 255);

    private static void FromSamples(FrameImage image, byte[] pixels, int depth, int? to = null)
    {
        var format = image.Format;
        if (format.Kind != SampleKind.Integer) throw new ImagingException(ImagingErrorKind.Unsupported, "colours as real numbers are not rendered");
        var reader = new SampleReader(format with { IsSigned = false });
        var full = Math.Pow(2, format.BitsStored) - 1;
        var max = to ?? ((1 << depth) - 1);
        var isFull = format.Photometric is PhotometricInterpretation.YbrFull or PhotometricInterpretation.YbrFull422;
        var isPartial = format.Photometric is PhotometricInterpretation.YbrPartial420 or PhotometricInterpretation.YbrPartial422;
        var half = Math.Pow(2, format.BitsStored - 1) / full;
        for (var i = 0; i < format.PixelCount * 3; i += 3)
        {
            var (a, b, c) = (reader.Read(image.Bytes, i) / full, reader.Read(image.Bytes, i + 1) / full, reader.Read(image.Bytes, i + 2) / full);
            if (isFull) (a, b, c) = (a + (1.402 * (c - half)), a - (0.344136 * (b - half)) - (0.714136 * (c - half)), a + (1.772 * (b - half)));
            else if (isPartial)
            {
                var y = 1.1644 * (a - (16 / 255.0));
                (a, b, c) = (y + (1.5960 * (c - half)), y - (0.3917 * (b - half)) - (0.8130 * (c - half)), y + (2.0173 * (b - half)));
            }

            Write(pixels, i, depth, Scale(a, max));
            Write(pixels, i + 1, depth, Scale(b, max));
            Write(pixels, i + 2, depth, Scale(c, max));
        }
    }

    private static ushort Scale(double value, int max) => (ushort)Math.Clamp(Math.Round(value * max), 0, max);

    private static void Write(byte[] pixels, int index, int depth, ushort value)
    {
        if (depth == 8) pixels[index] = (byte)value;
        else BitConverter.TryWriteBytes(pixels.AsSpan(2 * index), value);
    }
}
