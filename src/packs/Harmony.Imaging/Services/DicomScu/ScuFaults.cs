using Harmony.Core.Faults;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Transport;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Services.DicomScu.Receiving;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>Maps failures to faults, statuses and messages.</summary>
internal static class ScuFaults
{
    /// <summary>For the log. A comment that came with a status is left out: the other side may have written anything into it.</summary>
    public static string Words(Exception e) => e is DimseException dimse ? $"status {dimse.Result.Status}" : e.Message;

    /// <summary>Message for the requestor, with the comment.</summary>
    public static string Answer(Exception e) => e is DimseException dimse ? Answer(dimse.Result) : e.Message;

    /// <summary>The same of a status.</summary>
    public static string Answer(DimseResult result)
        => result.ErrorComment is { Length: > 0 } comment ? $"status {result.Status}: {comment}" : $"status {result.Status}";

    /// <summary>
    /// What a sender by DIMSE is told of a failure: the other side's status where it gave one, else one that says whether another try may do.
    /// Null where nothing is known but that it failed.
    /// </summary>
    public static DimseStatus? StatusOf(Exception e, DimseOperation operation) => e switch
    {
        DimseException dimse => dimse.Result.Status,
        NoPresentationContextException => DimseStatus.SopClassNotSupported,
        ObjectEncodingException => DimseStatus.UnableToProcess, // it is not stored, and another try will not do
        ReceiverException => DimseStatus.OutOfResourcesSubOperations,
        DicomNetworkException => DimseStatuses.Of(FaultKind.Unreachable, FaultSource.Backend, operation),
        _ => null,
    };

    /// <summary>Whether the exception is a failure of an operation, as opposed to a defect of this program.</summary>
    public static bool IsExpected(Exception e) => e is DicomNetworkException or DicomFormatException or IOException or UnauthorizedAccessException;

    /// <summary>Whether the other side did not answer: no connection, no association, no answer in time, broken off.</summary>
    public static bool IsUnanswered(Exception e) => e is DicomNetworkException
        and not (DimseException or NoPresentationContextException or ObjectEncodingException or ReceiverException or AssociationsBusyException
            or SilentSystemException);

    /// <summary>Whether the other side rejected the association, so that nothing has happened there.</summary>
    public static bool IsTurnedAway(Exception e) => e is ConnectionFailedException or AssociationRejectedException or SilentSystemException;
}
