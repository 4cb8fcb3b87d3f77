using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Data;

namespace Harmony.Dicom.Coding;

/// <summary>Puts elements in the order of their tags, each tag once.</summary>
internal static class ElementOrder
{
    public static DicomElement[] Sort(List<DicomElement> elements, WarningList warnings, long position)
    {
        for (var i = 1; i < elements.Count; i++)
        {
            if (elements[i - 1].Tag >= elements[i].Tag) return SortAndWarn(elements, warnings, position);
        }

        return [.. elements];
    }

    /// <summary>The first of several is kept: it is the one that others find too.</summary>
    private static DicomElement[] SortAndWarn(List<DicomElement> elements, WarningList warnings, long position)
    {
        var byTag = new SortedDictionary<DicomTag, DicomElement>();
        var last = default(DicomTag);
        foreach (var element in elements)
        {
            if (!byTag.TryAdd(element.Tag, element)) warnings.Add(DicomWarningKind.Duplicate, element.Tag, position);
            else if (element.Tag < last) warnings.Add(DicomWarningKind.OutOfOrder, element.Tag, position);
            last = element.Tag;
        }

        return [.. byTag.Values];
    }
}

/// <summary>How long things are when <see cref="DataSetWriter"/> writes them.</summary>
internal static class EncodedLength
{
    private const int ItemHeader = 8;

    /// <summary>The bytes of all elements of a data set.</summary>
    public static long Of(DicomDataSet dataSet, TransferSyntax syntax, bool definedLengths)
        => dataSet.Where(e => DataSetWriter.IsWritten(e, syntax)).Sum(e => Of(e, syntax, definedLengths));

    /// <summary>The bytes of the items of a sequence, with its delimiter if it has one.</summary>
    public static long OfItems(DicomSequence sequence, TransferSyntax syntax, bool definedLengths)
        => sequence.Items.Sum(i => ItemHeader + Of(i, syntax, definedLengths) + (definedLengths ? 0 : ItemHeader)) + (definedLengths ? 0 : ItemHeader);

    /// <summary>A length made even.</summary>
    public static long Even(long length) => length + (length & 1);

    /// <summary>The length of a value that is not in memory.</summary>
    /// <exception cref="NotSupportedException">It is not known.</exception>
    public static long Of(BulkData data)
        => data.Length ?? throw new NotSupportedException("a value is a reference to a URI; it has to be fetched before the data set can be written");

    private static long Of(DicomElement element, TransferSyntax syntax, bool definedLengths)
    {
        var value = element switch
        {
            DicomValue v => Even(v.Bytes.Length),
            DicomBulkValue b => Even(Of(b.Data)),
            DicomSequence s => OfItems(s, syntax, definedLengths),
            DicomFragments f => (2 * ItemHeader) + (4L * f.BasicOffsetTable.Count) + f.Fragments.Sum(b => ItemHeader + Even(Of(b))),
            _ => throw new InvalidOperationException($"{element} is of a kind that cannot be written"),
        };
        return value + (syntax.IsExplicitVr && DataSetWriter.VrFor(element.Vr, value).HasLongLength() ? HeaderReader.LongSize : HeaderReader.ShortSize);
    }
}

/// <summary>Turns the bytes of words round.</summary>
internal static class ByteOrder
{
    /// <summary>Swaps each word of <paramref name="wordSize"/> bytes in place; bytes after the last whole word stay.</summary>
    public static void Swap(Span<byte> bytes, int wordSize)
    {
        switch (wordSize)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                break;
        }
    }
}
