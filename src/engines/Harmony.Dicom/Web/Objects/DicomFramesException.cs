namespace Harmony.Dicom.Web.Objects;

/// <summary>The frames of an object cannot be found.</summary>
/// <param name="message">Why; shows no values.</param>
public sealed class DicomFramesException(string message) : Exception(message);
