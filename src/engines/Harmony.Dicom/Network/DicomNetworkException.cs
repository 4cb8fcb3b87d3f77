namespace Harmony.Dicom.Network;

/// <summary>Something went wrong between two systems. Messages name addresses, titles and UIDs of SOP classes, never values of data sets.</summary>
/// <param name="message">What went wrong.</param>
/// <param name="cause">What was thrown first, if anything.</param>
public abstract class DicomNetworkException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the same may succeed when it is tried again.</summary>
    public virtual bool IsTransient => false;
}
