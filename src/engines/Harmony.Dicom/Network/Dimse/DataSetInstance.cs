using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>An object that is a data set.</summary>
internal sealed class DataSetInstance(DicomDataSet dataSet, TransferSyntax syntax)
    : SopInstance(Required(dataSet, DicomTag.SOPClassUID), Required(dataSet, DicomTag.SOPInstanceUID), syntax)
{
    internal override ValueTask WriteAsync(Stream to, TransferSyntax syntax, CancellationToken ct) => DicomWriter.WriteAsync(to, dataSet, syntax, null, ct);

    private static string Required(DicomDataSet dataSet, DicomTag tag)
        => dataSet.GetString(tag) ?? throw new ArgumentException($"the data set has no {tag}, so it cannot be stored", nameof(dataSet));
}
