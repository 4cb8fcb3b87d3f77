using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network;
using Harmony.Dicom.Web.Multipart;
using Harmony.Imaging.Services.DicomScu.Shared;
using Harmony.Imaging.Services.DicomScu;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>From failures of DIMSE to statuses of HTTP, in one place (<c>docs/dicomweb.md</c>); the way back is <see cref="Dicom.DimseStatuses"/>.</summary>
internal static class BridgeFaults
{
    /// <summary>Does something, and answers with a problem where it fails before there is a response.</summary>
    public static async ValueTask<ResponseEnvelope> GuardAsync(
        BridgeSettings settings, RequestEnvelope request, Func<ValueTask<ResponseEnvelope>> run, CancellationToken ct)
    {
        try
        {
            return WorkDone.On(await run());
        }
        catch (Exception e) when (!ct.IsCancellationRequested && IsOfArchiveOrBody(e))
        {
            return WorkDone.On(Answer(settings, request, e));
        }
    }

    private static bool IsOfArchiveOrBody(Exception e)
        => e is DicomNetworkException or MultipartFormatException or GatewayException { FaultSource: FaultSource.Backend };

    private static ResponseEnvelope Answer(BridgeSettings settings, RequestEnvelope request, Exception e) => StatusOf(e) switch
    {
        503 => WebProblem.Busy(request, settings.RetryAfterSecs, $"The archive cannot be reached now: {Words(e)}."),
        var status => WebProblem.Answer(request, status, $"{Start(status)}: {Words(e)}."),
    };

    /// <summary>The status of a failure.</summary>
    public static int StatusOf(Exception e) => e switch
    {
        MultipartFormatException => 400,
        RetrievalFailedException { InnerException: { } cause } => StatusOf(cause),
        RetrievalBrokenException { InnerException: { } cause } => StatusOf(cause),
        AssociationsBusyException => 503,
        AssociationRejectedException { IsTransient: true } => 503,
        NoAnswerException or AssociationTimeoutException or SilentSystemException => 504,
        DimseException { Result.Status: var status } => StatusOf(status),
        GatewayException { Kind: FaultKind.Timeout } => 504,
        GatewayException { Kind: FaultKind.Unavailable } => 503,
        _ => 502,
    };

    /// <summary>The HTTP status for a failure of the archive.</summary>
    public static int StatusOf(DimseStatus status) => status.Code switch
    {
        >= 0xA700 and <= 0xA7FF => 503,
        0x0112 => 404,
        0x0124 => 403,
        0xA900 or 0x0106 or 0x0115 => 400,
        0x0213 => 503,
        _ => 502,
    };

    private static string Start(int status) => status switch
    {
        400 => "The request does not fit",
        403 => "The archive does not allow it",
        404 => "The archive has no such thing",
        504 => "The archive did not respond in time",
        _ => "The archive failed",
    };

    private static string Words(Exception e) => ScuFaults.Words(e) is { Length: > 0 } words ? words.TrimEnd('.') : "no reason is known";
}

/// <summary>The one table from what is wrong with pixels to statuses of HTTP.</summary>
internal static class ImagingStatuses
{
    public static int Of(ImagingErrorKind kind) => kind switch
    {
        ImagingErrorKind.NotAnImage or ImagingErrorKind.Unsupported or ImagingErrorKind.MissingLibrary => 406,
        ImagingErrorKind.NoSuchFrame => 404,
        ImagingErrorKind.Corrupt => 422,
        ImagingErrorKind.TooLarge => 413,
        ImagingErrorKind.TimedOut => 504,
        ImagingErrorKind.DecoderDied => 502,
        _ => 400,
    };
}
