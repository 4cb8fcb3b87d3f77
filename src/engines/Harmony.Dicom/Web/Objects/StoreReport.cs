using System.Globalization;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Web.Requests;

namespace Harmony.Dicom.Web.Objects;

/// <summary>How storing one object went.</summary>
/// <param name="SopClassUid">What it is; null where it does not say.</param>
/// <param name="SopInstanceUid">Which it is; null where it does not say.</param>
/// <param name="Status">Success, a warning or a failure.</param>
public sealed record StoredItem(string? SopClassUid, string? SopInstanceUid, DimseStatus Status)
{
    /// <summary>The study and series it belongs to; null where it does not say.</summary>
    public string? Study { get; init; }

    /// <inheritdoc cref="Study"/>
    public string? Series { get; init; }
}

/// <summary>What a client is told of objects that it stored: PS3.18 §10.5.3 and annex I.2.</summary>
public static class StoreReport
{
    /// <summary>200 where all are stored, 202 where some are or with warnings, 409 where none is: PS3.18 table 10.5.3-1.</summary>
    public static int StatusOf(IReadOnlyList<StoredItem> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var failed = items.Count(i => i.Status.IsFailure);
        if (failed == items.Count) return 409;
        return failed > 0 || items.Any(i => i.Status.IsWarning) ? 202 : 200;
    }

    /// <summary>The data set of the response.</summary>
    /// <param name="items">The objects, in their order.</param>
    /// <param name="baseUrl">Where the DICOMweb service is, for RetrieveURL.</param>
    public static DicomDataSet Write(IReadOnlyList<StoredItem> items, string baseUrl)
    {
        ArgumentNullException.ThrowIfNull(items);
        var report = new DicomDataSetBuilder();
        if (items.Where(i => !i.Status.IsFailure).Select(i => i.Study).Distinct().ToList() is [{ } study])
        {
            report.SetUnchecked(DicomTag.RetrieveURL, baseUrl + WebPath.OfEntity(study));
        }

        DicomDataSet[] failed = [.. items.Where(i => i.Status.IsFailure).Select(i => Failed(report, i))];
        DicomDataSet[] stored = [.. items.Where(i => !i.Status.IsFailure).Select(i => Stored(report, i, baseUrl))];
        if (failed.Length > 0) report.Set(DicomTag.FailedSOPSequence, failed);
        if (stored.Length > 0) report.Set(DicomTag.ReferencedSOPSequence, stored);
        return report.Build();
    }

    /// <summary>What a server has told of one object; null where it says nothing of it.</summary>
    public static DimseStatus? Find(DicomDataSet report, string sopInstanceUid)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (Named(report, DicomTag.FailedSOPSequence, sopInstanceUid) is { } failed)
        {
            var reason = failed.GetInt32(DicomTag.FailureReason) is { } code ? new DimseStatus((ushort)code) : DimseStatus.ProcessingFailure;
            return reason.IsFailure ? reason : DimseStatus.ProcessingFailure;
        }

        if (Named(report, DicomTag.ReferencedSOPSequence, sopInstanceUid) is not { } stored) return null;
        var warning = stored.GetInt32(DicomTag.WarningReason) is { } number ? new DimseStatus((ushort)number) : DimseStatus.Success;
        return warning.IsWarning ? warning : DimseStatus.Success;
    }

    private static DicomDataSet? Named(DicomDataSet report, DicomTag sequence, string sopInstanceUid)
        => report.GetItems(sequence).FirstOrDefault(i => i.GetString(DicomTag.ReferencedSOPInstanceUID) == sopInstanceUid);

    private static DicomDataSet Failed(DicomDataSetBuilder report, StoredItem item)
        => Item(report, item).SetUnchecked(DicomTag.FailureReason, item.Status.Code.ToString(CultureInfo.InvariantCulture)).Build();

    private static DicomDataSet Stored(DicomDataSetBuilder report, StoredItem item, string baseUrl)
    {
        var written = Item(report, item);
        if (item.Study is not null && item.Series is not null && item.SopInstanceUid is not null)
        {
            written.SetUnchecked(DicomTag.RetrieveURL, baseUrl + WebPath.OfEntity(item.Study, item.Series, item.SopInstanceUid));
        }

        if (item.Status.IsWarning) written.SetUnchecked(DicomTag.WarningReason, item.Status.Code.ToString(CultureInfo.InvariantCulture));
        return written.Build();
    }

    private static DicomDataSetBuilder Item(DicomDataSetBuilder report, StoredItem item)
    {
        var written = report.CreateItem();
        if (item.SopClassUid is not null) written.SetUnchecked(DicomTag.ReferencedSOPClassUID, item.SopClassUid);
        if (item.SopInstanceUid is not null) written.SetUnchecked(DicomTag.ReferencedSOPInstanceUID, item.SopInstanceUid);
        return written;
    }
}
