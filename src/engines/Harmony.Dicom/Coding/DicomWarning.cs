using System.Runtime.InteropServices;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>Something in the data breaks the standard and was understood nevertheless.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Tag">The element, or the last before.</param>
/// <param name="Position">Where, in bytes from the beginning.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DicomWarning(DicomWarningKind Kind, DicomTag Tag, long Position)
{
    /// <summary>E.g. <c>byte 1234, (0010,0010): odd length</c>.</summary>
    public override string ToString() => $"byte {Position}, {Tag}: {Kind.Description()}";
}
