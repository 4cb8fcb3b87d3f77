namespace Harmony.Dicom.Web.Multipart;

/// <summary>A body is not multipart as its content type says, or has more than is allowed.</summary>
/// <param name="message">What is wrong; shows nothing of the body.</param>
public sealed class MultipartFormatException(string message) : Exception(message);
