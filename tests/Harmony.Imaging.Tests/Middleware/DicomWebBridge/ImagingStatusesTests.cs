using Harmony.Dicom.Imaging;
using Harmony.Imaging.Middleware.DicomWebBridge;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

public sealed class ImagingStatusesTests
{
    [Theory]
    [InlineData(ImagingErrorKind.NotAnImage, 406)]
    [InlineData(ImagingErrorKind.Unsupported, 406)]
    [InlineData(ImagingErrorKind.MissingLibrary, 406)]
    [InlineData(ImagingErrorKind.NoSuchFrame, 404)]
    [InlineData(ImagingErrorKind.Corrupt, 422)]
    [InlineData(ImagingErrorKind.TooLarge, 413)]
    [InlineData(ImagingErrorKind.TimedOut, 504)]
    [InlineData(ImagingErrorKind.DecoderDied, 502)]
    [InlineData(ImagingErrorKind.BadRequest, 400)]
    public void Kind_HasItsStatus(ImagingErrorKind kind, int status) => Assert.Equal(status, ImagingStatuses.Of(kind));
}
