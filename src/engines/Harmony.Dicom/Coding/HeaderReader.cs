using System.Buffers.Binary;
using System.Buffers;
using Harmony.Dicom.Data.Dictionary;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>Reads what stands before values, from bytes that may lie in several pieces: PS3.5 §7.1.</summary>
internal static class HeaderReader
{
    public const int ShortSize = 8;
    public const int LongSize = 12;

    /// <summary>Reads the tag and the length of an item or a delimiter, without passing over them.</summary>
    public static bool TryPeekItem(in ReadOnlySequence<byte> input, bool bigEndian, out DicomTag tag, out uint length)
    {
        Span<byte> bytes = stackalloc byte[ShortSize];
        (tag, length) = (default, 0);
        if (!TryPeek(input, bytes)) return false;
        tag = ReadTag(bytes, bigEndian);
        length = ReadUInt32(bytes[4..], bigEndian);
        return true;
    }

    /// <summary>Reads a tag, without passing over it.</summary>
    public static bool TryPeekTag(in ReadOnlySequence<byte> input, bool bigEndian, out DicomTag tag)
    {
        Span<byte> bytes = stackalloc byte[4];
        tag = default;
        if (!TryPeek(input, bytes)) return false;
        tag = ReadTag(bytes, bigEndian);
        return true;
    }

    /// <summary>Reads the header of an element, without passing over it.</summary>
    public static bool TryPeek(in ReadOnlySequence<byte> input, ParserFrame frame, WarningList warnings, long position, out ElementHeader header)
    {
        Span<byte> bytes = stackalloc byte[LongSize];
        header = default;
        if (!TryPeek(input, bytes[..ShortSize])) return false;
        var tag = ReadTag(bytes, frame.IsBigEndian);
        if (!frame.IsExplicitVr) return Implicit(tag, bytes, frame, out header);

        var vr = (Vr)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var isLong = vr.HasLongLength();
        if (!vr.IsKnown())
        {
            var letters = bytes.Slice(4, 2);
            if (NonStandardVr.TryRead(letters, tag, out var meant) && (!meant.HasLongLength() || bytes.Slice(6, 2).SequenceEqual("\0\0"u8)))
            {
                warnings.Add(DicomWarningKind.NonStandardVr, tag, position);
                vr = meant;
                isLong = vr.HasLongLength();
            }
            else if (!letters.ContainsAnyExceptInRange((byte)'A', (byte)'Z')) isLong = true; // VRs to come have a long length: PS3.5 §6.2
            else if (!letters.SequenceEqual("??"u8) && !letters.SequenceEqual("--"u8) && !letters.SequenceEqual("  "u8) && !letters.SequenceEqual("\0\0"u8))
            {
                warnings.Add(DicomWarningKind.MissingVr, tag, position);
                return Implicit(tag, bytes, frame, out header);
            }

            if (!vr.IsKnown())
            {
                warnings.Add(DicomWarningKind.UnknownVr, tag, position);
                vr = Vr.UN;
            }
        }

        if (!isLong)
        {
            header = new ElementHeader(tag, vr, ReadUInt16(bytes[6..], frame.IsBigEndian), ShortSize, false);
            return true;
        }

        if (!TryPeek(input, bytes)) return false;
        header = new ElementHeader(tag, vr, ReadUInt32(bytes[8..], frame.IsBigEndian), LongSize, false);
        return true;
    }

    /// <summary>
    /// Whether the first element of an item is in explicit VR though what the item is in is not: two letters that are a VR, and the standard's, stand where a
    /// length would be; of elements that it does not know, such a length has to be too long.
    /// </summary>
    public static bool IsExplicit(in ReadOnlySequence<byte> input, ParserFrame frame, long position)
    {
        Span<byte> bytes = stackalloc byte[ShortSize];
        if (!TryPeek(input, bytes)) return false;
        var vr = (Vr)BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (!vr.IsKnown() || (vr.HasLongLength() && !bytes[6..].SequenceEqual("\0\0"u8))) return false;
        var known = DicomDictionary.VrOf(ReadTag(bytes, frame.IsBigEndian), null, out var alternative);
        return known == Vr.UN ? position + ShortSize + ReadUInt32(bytes[4..], frame.IsBigEndian) > frame.Bound : vr == known || vr == alternative;
    }

    private static bool Implicit(DicomTag tag, ReadOnlySpan<byte> bytes, ParserFrame frame, out ElementHeader header)
    {
        var vr = DicomDictionary.VrOf(tag, tag.IsPrivate ? frame.PrivateCreatorOf(tag) : null, out var alternative);
        if (alternative == Vr.SS && frame.HasSignedPixels) vr = Vr.SS;
        header = new ElementHeader(tag, vr, ReadUInt32(bytes[4..], frame.IsBigEndian), ShortSize, true);
        return true;
    }

    private static bool TryPeek(in ReadOnlySequence<byte> input, Span<byte> to)
    {
        if (input.FirstSpan.Length >= to.Length)
        {
            input.FirstSpan[..to.Length].CopyTo(to);
            return true;
        }

        if (input.Length < to.Length) return false;
        input.Slice(0, to.Length).CopyTo(to);
        return true;
    }

    private static DicomTag ReadTag(ReadOnlySpan<byte> bytes, bool bigEndian) => new(ReadUInt16(bytes, bigEndian), ReadUInt16(bytes[2..], bigEndian));

    private static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool bigEndian)
        => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool bigEndian)
        => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}

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

/// <summary>VRs that programs write although the standard does not have them: in lower case, or names for an open choice of VRs.</summary>
internal static class NonStandardVr
{
    /// <summary>Finds the VR that two letters of which one at least is lower case are meant to be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> letters, DicomTag tag, out Vr vr)
    {
        vr = default;
        if (!char.IsAsciiLetter((char)letters[0]) || !char.IsAsciiLetter((char)letters[1])) return false;
        if (letters.SequenceEqual("ox"u8) || letters.SequenceEqual("px"u8)) vr = DicomDictionary.VrOf(tag) is Vr.OW ? Vr.OW : Vr.OB;
        else if (letters.SequenceEqual("xs"u8)) vr = Vr.US;
        else vr = (Vr)((char.ToUpperInvariant((char)letters[0]) << 8) | char.ToUpperInvariant((char)letters[1]));
        return vr.IsKnown();
    }
}
