using System.Runtime.InteropServices;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

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
