using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>The elements of a command set, by what they are.</summary>
internal sealed class CommandReader(DicomDataSet commandSet)
{
    public const ushort NoDataSet = 0x0101;

    /// <summary>Whether a data set follows (PS3.7 §9.3): anything but 0101H says so.</summary>
    public bool HasDataSet => OptionalUInt16(DicomTag.CommandDataSetType) is { } type && type != NoDataSet;

    /// <exception cref="DicomFormatException">It is missing, or no number of 16 bits.</exception>
    public ushort UInt16(DicomTag tag) => OptionalUInt16(tag) ?? throw Missing(tag);

    public ushort? OptionalUInt16(DicomTag tag) => commandSet.GetInt32(tag) is { } number and >= 0 and <= ushort.MaxValue ? (ushort)number : null;

    /// <exception cref="DicomFormatException">It is missing or empty.</exception>
    public string Text(DicomTag tag) => commandSet.GetString(tag) ?? throw Missing(tag);

    /// <summary>Text that a request should have, and that is answered where it has none: an association is not ended for that.</summary>
    public string? OptionalText(DicomTag tag) => commandSet.GetString(tag);

    /// <summary>Tags; a broken list counts as none, as it only explains an error.</summary>
    public IReadOnlyList<DicomTag> Tags(DicomTag tag)
        => commandSet.TryGet<DicomValue>(tag, out var value) && value.Vr == Vr.AT ? [.. Enumerable.Range(0, value.Bytes.Length / 4).Select(value.GetTag)] : [];

    private static DicomFormatException Missing(DicomTag tag) => new($"the command set has no {tag}, or none that can be used");
}
