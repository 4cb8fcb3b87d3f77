using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Coding;

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
    public static long Of(BulkData data) => data.Length ?? throw new NotSupportedException("a value is a reference to a URI; it has to be fetched before the data set can be written");

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
