using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>The values of samples: the bits that are stored, from the place where they are, with their sign (PS3.5 §8.1.1).</summary>
internal readonly struct SampleReader(PixelFormat format)
{
    private readonly int _low = format.HighBit + 1 - format.BitsStored;
    private readonly int _unused = 64 - format.BitsStored;

    /// <summary>Whether all values fit a table with an entry for each: samples of 8 or 16 bits.</summary>
    public bool HasTable => format is { Kind: SampleKind.Integer, BytesPerSample: <= 2 };

    /// <summary>The value of a sample's bits.</summary>
    public long Value(ulong bits)
    {
        var top = bits >> _low << _unused;
        return format.IsSigned ? (long)top >> _unused : (long)(top >> _unused);
    }

    /// <summary>The value of the sample at a place.</summary>
    public double Read(ReadOnlySpan<byte> samples, int index) => format.Kind switch
    {
        SampleKind.Float => BinaryPrimitives.ReadSingleLittleEndian(samples[(index * 4)..]),
        SampleKind.Double => BinaryPrimitives.ReadDoubleLittleEndian(samples[(index * 8)..]),
        _ => Value(Bits(samples, index)),
    };

    /// <summary>The bits of the sample at a place.</summary>
    public ulong Bits(ReadOnlySpan<byte> samples, int index) => format.BytesPerSample switch
    {
        1 => samples[index],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(samples[(index * 2)..]),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(samples[(index * 4)..]),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(samples[(index * 8)..]),
    };
}

/// <summary>Stored values that stand for no image: (0028,0120) and (0028,0121), PS3.3 §C.7.5.1.1.2.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PixelPadding(double Smallest, double Largest)
{
    public static PixelPadding Of(DicomDataSet dataSet, PixelFormat format)
    {
        if (format.Kind != SampleKind.Integer || Value(dataSet, DicomTag.PixelPaddingValue, format) is not { } value) return new(double.NaN, double.NaN);
        var limit = Value(dataSet, DicomTag.PixelPaddingRangeLimit, format) ?? value;
        return new(Math.Min(value, limit), Math.Max(value, limit));
    }

    public bool Contains(double stored) => stored >= Smallest && stored <= Largest;

    /// <summary>The VR may say that it has no sign where pixels have one.</summary>
    private static double? Value(DicomDataSet dataSet, DicomTag tag, PixelFormat format)
        => dataSet.GetInt32(tag) is not { } value ? null : format.IsSigned ? (short)value : (ushort)value;
}
