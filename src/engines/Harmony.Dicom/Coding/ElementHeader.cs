using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>What stands before a value.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="Vr">The VR, read or looked up.</param>
/// <param name="Length">The length of the value in bytes, or <see cref="UndefinedLength"/>.</param>
/// <param name="Size">How many bytes the header itself takes: 8 or 12.</param>
/// <param name="IsImplicit">Whether the VR was looked up.</param>
internal readonly record struct ElementHeader(DicomTag Tag, Vr Vr, uint Length, int Size, bool IsImplicit)
{
    public const uint UndefinedLength = 0xFFFFFFFF;

    /// <summary>Whether its value is little endian whatever it is in: PS3.5 §6.2.2 of VR UN.</summary>
    public bool IsLittleEndian { get; init; }

    public bool IsUndefined => Length == UndefinedLength;
}
