using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Modules.Services.DicomScu;

/// <summary>What is said about failures.</summary>
internal static class ScuFaults
{
    /// <summary>For the log. A comment that came with a status is left out: the other side may have written anything into it.</summary>
    public static string Words(Exception e) => e is DimseException dimse ? $"status {dimse.Result.Status}" : e.Message;

    /// <summary>For who asked, the comment included.</summary>
    public static string Answer(Exception e) => e is DimseException dimse ? Answer(dimse.Result) : e.Message;

    /// <summary>The same of a status.</summary>
    public static string Answer(DimseResult result) => result.ErrorComment is { Length: > 0 } comment ? $"status {result.Status}: {comment}" : $"status {result.Status}";

    /// <summary>A status as it stands in metadata: <c>0xA700</c>.</summary>
    public static string Code(DimseStatus status) => $"0x{status.Code:X4}";

    /// <summary>The status of a failure; null where the other side gave none.</summary>
    public static DimseStatus? StatusOf(Exception e) => (e as DimseException)?.Result.Status;

    /// <summary>Whether it is one of the ways in which an operation fails, as opposed to a mistake in this program.</summary>
    public static bool IsExpected(Exception e) => e is DicomNetworkException or IOException or UnauthorizedAccessException;
}
