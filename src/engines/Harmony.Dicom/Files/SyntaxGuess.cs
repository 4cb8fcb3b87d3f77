using System.Buffers.Binary;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Files;

/// <summary>Tells the encoding of a data set from its first element.</summary>
internal static class SyntaxGuess
{
    /// <param name="start">At least eight bytes.</param>
    /// <returns>Null if this is no element in any encoding.</returns>
    public static TransferSyntax? Of(ReadOnlySpan<byte> start)
    {
        if (start.Length < HeaderReader.ShortSize) return null;
        var little = new DicomTag(BinaryPrimitives.ReadUInt16LittleEndian(start), BinaryPrimitives.ReadUInt16LittleEndian(start[2..]));
        var big = new DicomTag(BinaryPrimitives.ReadUInt16BigEndian(start), BinaryPrimitives.ReadUInt16BigEndian(start[2..]));
        var isExplicit = ((Vr)BinaryPrimitives.ReadUInt16BigEndian(start[4..])).IsKnown() || NonStandardVr.TryRead(start.Slice(4, 2), little, out _);
        if (IsLikely(little)) return isExplicit ? TransferSyntax.ExplicitVRLittleEndian : TransferSyntax.ImplicitVRLittleEndian;
        return IsLikely(big) && isExplicit ? TransferSyntax.ExplicitVRBigEndian : null;
    }

    /// <summary>Data sets begin with a group that has a small number; of the others one that is known will do.</summary>
    private static bool IsLikely(DicomTag tag) => tag.Group is >= 0x0001 and <= 0x0050 || (tag.Group > 0 && DicomDictionary.TryGet(tag, out _));
}
