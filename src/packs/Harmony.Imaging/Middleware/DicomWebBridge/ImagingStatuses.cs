using Harmony.Dicom.Imaging;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

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
