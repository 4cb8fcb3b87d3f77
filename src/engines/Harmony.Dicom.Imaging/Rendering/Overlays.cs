using System.Buffers.Binary;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>Overlays (60xx), drawn in white: in planes of their own, or in bits of pixel cells that pixels do not use (PS3.3 §C.9.2, PS3.5 §8.1.2).</summary>
internal static class Overlays
{
    private const ushort FirstGroup = 0x6000;
    private const int Groups = 16;

    /// <summary>Draws all overlays of a frame.</summary>
    /// <param name="dataSet">The object.</param>
    /// <param name="frame">From 1.</param>
    /// <param name="image">Its pixels, for overlays that are in them.</param>
    /// <param name="pixels">What they are drawn on, in the size of the image.</param>
    /// <param name="bytesPerPixel">How many bytes of it are one pixel.</param>
    public static void Draw(DicomDataSet dataSet, int frame, FrameImage image, byte[] pixels, int bytesPerPixel)
    {
        for (var i = 0; i < Groups; i++)
        {
            var group = (ushort)(FirstGroup + (2 * i));
            if (dataSet.TryGet<DicomValue>(new DicomTag(group, 0x3000), out var data))
                DrawPlane(dataSet, group, frame, data.Bytes.Span, image.Format, pixels, bytesPerPixel);
            else if (dataSet.GetInt32(new DicomTag(group, 0x0100)) == image.Format.BitsAllocated && dataSet.GetInt32(new DicomTag(group, 0x0102)) is { } bit)
            {
                DrawBit(image, bit, pixels, bytesPerPixel);
            }
        }
    }

    private static void DrawPlane(DicomDataSet dataSet, ushort group, int frame, ReadOnlySpan<byte> data, PixelFormat format, byte[] pixels, int bytesPerPixel)
    {
        if (dataSet.GetInt32(new DicomTag(group, 0x0010)) is not (> 0 and <= ushort.MaxValue and var rows)) return;
        if (dataSet.GetInt32(new DicomTag(group, 0x0011)) is not (> 0 and <= ushort.MaxValue and var columns)) return;
        var (top, left) = Origin(dataSet, group);
        var frames = dataSet.GetInt32(new DicomTag(group, 0x0015)) ?? 1;
        var plane = frames > 1 ? frame - (dataSet.GetInt32(new DicomTag(group, 0x0051)) ?? 1) : 0;
        if (plane < 0 || plane >= Math.Max(1, frames)) return;
        var first = (long)plane * rows * columns;
        for (var y = 0; y < rows; y++)
        {
            if (y + top < 0 || y + top >= format.Rows) continue;
            for (var x = 0; x < columns; x++)
            {
                var bit = first + ((long)y * columns) + x;
                if (bit >> 3 >= data.Length) return;
                if ((data[(int)(bit >> 3)] >> (int)(bit & 7) & 1) == 0 || x + left < 0 || x + left >= format.Columns) continue;
                pixels.AsSpan((int)(((y + top) * (long)format.Columns) + x + left) * bytesPerPixel, bytesPerPixel).Fill(byte.MaxValue);
            }
        }
    }

    private static void DrawBit(FrameImage image, int bit, byte[] pixels, int bytesPerPixel)
    {
        var format = image.Format;
        if (format.Samples != 1 || bit < 0 || bit >= format.BitsAllocated || (bit <= format.HighBit && bit > format.HighBit - format.BitsStored)) return;
        var reader = new SampleReader(format);
        for (var i = 0; i < format.PixelCount; i++)
        {
            if ((reader.Bits(image.Bytes, i) >> bit & 1) != 0) pixels.AsSpan(i * bytesPerPixel, bytesPerPixel).Fill(byte.MaxValue);
        }
    }

    /// <summary>(60xx,0050): the place of its first pixel in the image, from 1.</summary>
    private static (int Top, int Left) Origin(DicomDataSet dataSet, ushort group)
    {
        if (!dataSet.TryGet<DicomValue>(new DicomTag(group, 0x0050), out var origin) || origin.Bytes.Length < 4) return (0, 0);
        return (BinaryPrimitives.ReadInt16LittleEndian(origin.Bytes.Span) - 1, BinaryPrimitives.ReadInt16LittleEndian(origin.Bytes.Span[2..]) - 1);
    }
}
