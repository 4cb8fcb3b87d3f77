namespace Harmony.Dicom.Coding;

/// <summary>Data ask for more than <see cref="DicomReadOptions"/> allow. Nothing was allocated for it.</summary>
/// <param name="message">Which limit.</param>
/// <param name="position">Where, in bytes from the beginning.</param>
public sealed class DicomLimitException(string message, long position) : DicomFormatException(message, position);
