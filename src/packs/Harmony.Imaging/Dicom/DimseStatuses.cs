using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Imaging.Dicom;

/// <summary>
/// The one table from faults, refusals and answers to statuses of DIMSE, by operation (<c>docs/errors.md</c>). What was not stored is never answered with a
/// status that a sender may take for stored: success, a warning, and 0111, duplicate SOP instance, after which senders delete their copy.
/// </summary>
internal static class DimseStatuses
{
    /// <summary>The status for a fault.</summary>
    public static DimseStatus Of(GatewayException fault, DimseOperation operation) => Of(fault.Kind, fault.FaultSource, operation);

    /// <summary>The status for a kind of fault.</summary>
    public static DimseStatus Of(FaultKind kind, FaultSource source, DimseOperation operation) => (kind, source) switch
    {
        (FaultKind.Malformed, _) or (FaultKind.Protocol, FaultSource.Client) => DimseStatus.UnableToProcess,
        (FaultKind.UnsupportedContent, _) => DimseStatus.DataSetDoesNotMatchSopClass,
        (FaultKind.TooLarge or FaultKind.StorageFull, _) => NoRoom(operation),
        (FaultKind.Unreachable or FaultKind.Timeout or FaultKind.Protocol or FaultKind.Unavailable, _) => DimseStatus.OutOfResourcesMatches,
        (FaultKind.Forbidden, _) => DimseStatus.NotAuthorized,
        _ => DimseStatus.ProcessingFailure,
    };

    /// <summary>The status for a refusal.</summary>
    public static DimseStatus Of(Refusal refusal, DimseOperation operation) => refusal.Kind switch
    {
        RefusalKind.Unauthenticated or RefusalKind.Forbidden => DimseStatus.NotAuthorized,
        RefusalKind.MethodNotAllowed => DimseStatus.UnrecognizedOperation,
        RefusalKind.UnsupportedMediaType => DimseStatus.DataSetDoesNotMatchSopClass,
        RefusalKind.NotFound or RefusalKind.Malformed or RefusalKind.Unprocessable => DimseStatus.UnableToProcess,
        RefusalKind.RateLimited => DimseStatus.OutOfResourcesSubOperations,
        RefusalKind.Unavailable => Of(FaultKind.Unavailable, FaultSource.Gateway, operation),
        _ => DimseStatus.NotAuthorized,
    };

    /// <summary>The status for the HTTP status of a backend's answer.</summary>
    public static DimseStatus Of(int status, DimseOperation operation) => status switch
    {
        >= 200 and < 300 => DimseStatus.Success,
        404 or 410 when operation is DimseOperation.Get or DimseOperation.Move => DimseStatus.Success, // with no sub-operations: PS3.4 §C.4.2.3.1
        401 or 403 => DimseStatus.NotAuthorized,
        405 => DimseStatus.UnrecognizedOperation,
        409 => DimseStatus.ClassInstanceConflict,
        413 or 507 => NoRoom(operation),
        415 => DimseStatus.DataSetDoesNotMatchSopClass,
        429 => DimseStatus.OutOfResourcesSubOperations,
        501 => DimseStatus.NoSuchSopInstance,
        408 or 502 or 503 or 504 => DimseStatus.OutOfResourcesMatches,
        >= 400 and < 500 => DimseStatus.UnableToProcess,
        _ => DimseStatus.ProcessingFailure, // a redirect, too: nothing was done
    };

    /// <summary>The status of an answer: the other system's, where a backend tells it, or a step's; else by the table.</summary>
    public static DimseStatus Of(ResponseEnvelope response, DimseOperation operation)
    {
        var byTable = Of(response.Status, operation);
        var told = DimseOutcome.Told(response) ?? byTable;
        if (told.IsPending || told.IsCancel || (byTable.IsFailure && !told.IsFailure)) told = byTable.IsFailure ? byTable : DimseStatus.ProcessingFailure;
        if (DimseOutcome.Set(response) is not { } set || set.IsCancel) return told;
        // A step may make a failure of a success, and one failure of another. It cannot make anything of a failure that looks like success.
        return set.IsFailure ? (told.IsFailure && set == DimseStatus.DuplicateSopInstance ? told : set) : (told.IsFailure ? told : set);
    }

    private static DimseStatus NoRoom(DimseOperation operation)
        => operation is DimseOperation.Get or DimseOperation.Move ? DimseStatus.OutOfResourcesSubOperations : DimseStatus.OutOfResources;
}
