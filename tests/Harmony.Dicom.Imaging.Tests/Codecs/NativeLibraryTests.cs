using Harmony.Dicom.Imaging.Codecs;

namespace Harmony.Dicom.Imaging.Tests.Codecs;

/// <summary>A library of the system that is not installed is named by its package.</summary>
public sealed class NativeLibraryTests
{
    [Fact]
    public void Library_ThatIsNotInstalled_IsNamedByItsPackage()
    {
        var library = new NativeLibraryFile("JPEG-LS", "libcharls2", "libharmony-has-no-such.so.1", "harmony-has-no-such.dll");
        var error = Assert.Throws<ImagingException>(library.Require);
        Assert.Equal(ImagingErrorKind.MissingLibrary, error.Kind);
        Assert.Equal("JPEG-LS needs a library of the system that is not installed: apt-get install libcharls2", error.Message);
    }
}
