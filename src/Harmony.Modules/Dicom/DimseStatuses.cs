using System.Globalization;
using Harmony.Core.Envelope;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Modules.Dicom;

/// <summary>The one table from statuses of answers to statuses of DIMSE (<c>docs/errors.md</c>).</summary>
internal static class DimseStatuses
{
    /// <summary>The status for an HTTP status.</summary>
    public static DimseStatus OfHttp(int status) => status switch
    {
        < 400 => DimseStatus.Success,
        401 or 403 => DimseStatus.NotAuthorized,
        404 or 410 => DimseStatus.MoveDestinationUnknown,
        405 => DimseStatus.DuplicateSopInstance,
        408 => DimseStatus.SopClassNotSupported,
        409 => DimseStatus.ClassInstanceConflict,
        413 or 507 => DimseStatus.OutOfResources,
        415 => DimseStatus.DataSetDoesNotMatchSopClass,
        429 => DimseStatus.OutOfResourcesSubOperations,
        501 => DimseStatus.NoSuchSopInstance,
        502 or 503 or 504 => DimseStatus.OutOfResourcesMatches,
        < 500 => DimseStatus.UnableToProcess,
        _ => DimseStatus.ProcessingFailure,
    };

    /// <summary>The status of an answer: the other system's, where a backend tells it, else by the table.</summary>
    public static DimseStatus Of(ResponseEnvelope response)
        => response.Metadata.TryGetValue(DicomMetadataKeys.DicomStatus, out var text) && TryParse(text, out var told) ? told : OfHttp(response.Status);

    /// <summary>Reads <c>0xA700</c>; a status that says that more follows is none.</summary>
    public static bool TryParse(string text, out DimseStatus status)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        status = ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? new DimseStatus(code) : default;
        return digits.Length == 4 && !status.IsPending && (!status.IsSuccess || code == 0);
    }
}
