using Harmony.Core.Configuration;

namespace Harmony.Imaging.Dicom.Transcoding;

/// <summary>Options of all senders of C-STORE for transfer syntaxes that the other side does not accept.</summary>
public abstract record TranscodingOptions : ConfigNode
{
    /// <summary>
    /// Whether the gateway transcodes pixel data for a system that does not accept an object's transfer syntax: <c>never</c> (the object fails),
    /// <c>lossless</c> (only if no detail is lost) or <c>lossy</c> (detail may be lost; the object gets a new UID and a reference to its source).
    /// </summary>
    [AllowedValues("never", "lossless", "lossy")]
    public string Transcode { get; init; } = "never";

    /// <summary>
    /// Transfer syntaxes to transcode to, by UID or keyword (<c>JPEGLSLossless</c>), the preferred one first. The gateway uses the first that suits the object
    /// and that the other side accepts; if there is none, the object fails.
    /// </summary>
    [NotEmpty]
    public IReadOnlyList<string> TranscodeTo { get; init; } = ["ExplicitVRLittleEndian", "ImplicitVRLittleEndian"];

    /// <summary>Quality of JPEG baseline images.</summary>
    [AllowedRange(1, 100)]
    public int TranscodeQuality { get; init; } = 90;
}
