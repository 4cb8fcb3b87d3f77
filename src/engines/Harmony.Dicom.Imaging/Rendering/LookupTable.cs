using System.Buffers.Binary;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>
/// A look-up table of a data set: modality (0028,3000), VOI (0028,3010), or of a palette. Values before the first and behind the last entry get those: PS3.3
/// §C.11.1.1.
/// </summary>
/// <param name="First">The value of the first entry.</param>
/// <param name="Bits">Bits of an entry, 8 to 16.</param>
/// <param name="Entries">At least one.</param>
internal sealed record LookupTable(int First, int Bits, ushort[] Entries)
{
    private const int Whole = 65536;

    /// <summary>The largest value an entry can have.</summary>
    public int Max => (1 << Bits) - 1;

    /// <summary>The entry of a value.</summary>
    public ushort this[double value] => Entries[(int)Math.Clamp(Math.Floor(value) - First, 0, Entries.Length - 1)];

    /// <summary>The table in an item of a sequence.</summary>
    /// <returns>Null if it is damaged: then values are shown as without it.</returns>
    public static LookupTable? Of(DicomDataSet item, bool isSigned) => Of(item, DicomTag.LUTDescriptor, DicomTag.LUTData, isSigned);

    /// <summary>The table of these elements.</summary>
    public static LookupTable? Of(DicomDataSet from, DicomTag descriptorTag, DicomTag dataTag, bool isSigned)
    {
        if (Descriptor(from, descriptorTag, isSigned) is not var (count, first, bits) || !from.TryGet<DicomValue>(dataTag, out var data)) return null;
        var bytes = data.Bytes.Span;
        // Tables of 8 bits are packed two to a word by some, and take a word for each entry from others.
        var isBytes = bits <= 8 && bytes.Length < 2 * count;
        var available = isBytes ? bytes.Length : bytes.Length / 2;
        if (available == 0) return null;
        var entries = new ushort[Math.Min(count, available)];
        var largest = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = isBytes ? bytes[i] : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
            largest = Math.Max(largest, entries[i]);
        }

        if (bits < 16 && largest >= 1 << bits) bits = 32 - int.LeadingZeroCount(largest); // devices state fewer bits than they use
        return new LookupTable(first, bits, entries);
    }

    /// <summary>Number of entries, first value, bits.</summary>
    internal static (int Count, int First, int Bits)? Descriptor(DicomDataSet from, DicomTag tag, bool isSigned)
    {
        if (!from.TryGet<DicomValue>(tag, out var descriptor) || descriptor.Bytes.Length < 6) return null;
        var bytes = descriptor.Bytes.Span;
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        // The VR says whether the first value has a sign; implicit encodings do not tell, there pixels do.
        int first = isSigned || descriptor.Vr == Vr.SS
            ? BinaryPrimitives.ReadInt16LittleEndian(bytes[2..])
            : BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        return (count == 0 ? Whole : count, first, bits is >= 1 and <= 16 ? bits : 16);
    }
}
