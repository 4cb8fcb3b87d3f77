using System.Globalization;
using Harmony.Core.Envelope;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Imaging.Dicom;

/// <summary>
/// The status of DIMSE with which a DICOM system answered: the feature by which backends tell the DIMSE adapter more than an HTTP status says. The metadata
/// <c>dicom_status</c> is the view of it; a step that sets another value there changes what the asker is told.
/// </summary>
/// <param name="Status">What the other system said, or what the backend makes of its silence.</param>
internal sealed record DimseOutcome(DimseStatus Status)
{
    /// <summary>Gives an answer the outcome, and the metadata that show it.</summary>
    public void AddTo(ResponseEnvelope response)
    {
        response.SetFeature(this);
        response.Metadata[DicomMetadataKeys.DicomStatus] = Code(Status);
    }

    /// <summary>The DIMSE status of a backend; null if it gave only an HTTP status.</summary>
    public static DimseStatus? Told(ResponseEnvelope response) => response.Feature<DimseOutcome>()?.Status;

    /// <summary>The status that a middleware has set in <c>dicom_status</c>; null if none, or not a final status.</summary>
    public static DimseStatus? Set(ResponseEnvelope response)
    {
        if (!response.Metadata.TryGetValue(DicomMetadataKeys.DicomStatus, out var text) || !TryParse(text, out var status)) return null;
        return Told(response) == status ? null : status;
    }

    /// <summary>A status as it stands in metadata: <c>0xA700</c>.</summary>
    public static string Code(DimseStatus status) => $"0x{status.Code:X4}";

    /// <summary>Reads <c>0xA700</c> or <c>A700</c>; a status that says that more follows is none.</summary>
    public static bool TryParse(string text, out DimseStatus status)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        status = ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? new DimseStatus(code) : default;
        return digits.Length == 4 && !status.IsPending && (!status.IsSuccess || code == 0);
    }
}
