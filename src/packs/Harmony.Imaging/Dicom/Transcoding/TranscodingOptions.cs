using Harmony.Core.Configuration;

namespace Harmony.Imaging.Dicom.Transcoding;

/// <summary>What all that sends objects by C-STORE can be told about transfer syntaxes that the other side does not take.</summary>
public abstract record TranscodingOptions : ConfigNode
{
    /// <summary>
    /// Whether pixel data are encoded anew for a system that does not take an object's transfer syntax: <c>never</c> (the object fails), <c>lossless</c>, where
    /// nothing is lost by it, or <c>lossy</c>, where detail may be lost, too; such an object gets a UID of its own and says what it is derived from.
    /// </summary>
    [AllowedValues("never", "lossless", "lossy")]
    public string Transcode { get; init; } = "never";

    /// <summary>
    /// Transfer syntaxes that are proposed and encoded then, by UID or keyword (<c>JPEGLSLossless</c>), the most wanted first. An object that fits none of
    /// those that the other side takes fails.
    /// </summary>
    [NotEmpty]
    public IReadOnlyList<string> TranscodeTo { get; init; } = ["ExplicitVRLittleEndian", "ImplicitVRLittleEndian"];

    /// <summary>Quality of JPEG baseline.</summary>
    [AllowedRange(1, 100)]
    public int TranscodeQuality { get; init; } = 90;
}
