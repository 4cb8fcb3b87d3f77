namespace Harmony.Dicom.Imaging;

/// <summary>Why pixels cannot be had.</summary>
public enum ImagingErrorKind
{
    /// <summary>The object has no pixel data, or its description of them contradicts itself (PS3.3 §C.7.6.3).</summary>
    NotAnImage,

    /// <summary>There is no frame of that number.</summary>
    NoSuchFrame,

    /// <summary>Nothing here decodes or encodes this transfer syntax or photometric interpretation. The object can be passed on as it is.</summary>
    Unsupported,

    /// <summary>A system library is needed that is not installed; the message names the Debian package.</summary>
    MissingLibrary,

    /// <summary>The pixel data are shorter than they have to be, or a code stream is damaged.</summary>
    Corrupt,

    /// <summary>The image is larger than <see cref="ImageLimits"/> allow. Nothing was allocated for it.</summary>
    TooLarge,

    /// <summary>A decoder took longer than it may.</summary>
    TimedOut,

    /// <summary>The process of a decoder ended while it decoded. The frame is likely to be made to do that.</summary>
    DecoderDied,

    /// <summary>What was asked for contradicts itself, for example a region outside of the image.</summary>
    BadRequest,
}

/// <summary>Pixels cannot be had. Messages name syntaxes, sizes and places, never values of the data set.</summary>
/// <param name="kind">Why.</param>
/// <param name="message">What is wrong, and what to do where something can be done.</param>
/// <param name="cause">What was thrown first, if anything.</param>
public sealed class ImagingException(ImagingErrorKind kind, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Why.</summary>
    public ImagingErrorKind Kind { get; } = kind;

    internal static ImagingException Corrupt(string message, Exception? cause = null) => new(ImagingErrorKind.Corrupt, message, cause);
}
