namespace Harmony.Dicom.Coding;

/// <summary>Data cannot be read as DICOM. Messages name tags and positions, never values.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="position">Where, in bytes from the beginning (of the inflated data in a deflated data set); -1 if that is not known.</param>
/// <param name="cause">What was thrown first, if anything.</param>
public class DicomFormatException(string message, long position = -1, Exception? cause = null)
    : Exception(position < 0 ? message : $"{message} (at byte {position})", cause)
{
    /// <summary>Where, in bytes from the beginning; -1 if that is not known.</summary>
    public long Position { get; } = position;
}
