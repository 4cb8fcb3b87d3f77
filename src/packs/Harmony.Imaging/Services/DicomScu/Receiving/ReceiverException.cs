using Harmony.Dicom.Network;

namespace Harmony.Imaging.Services.DicomScu.Receiving;

/// <summary>Nothing can be moved here, because nothing can come in.</summary>
/// <param name="message">Where, and why.</param>
/// <param name="cause">What was thrown first.</param>
internal sealed class ReceiverException(string message, Exception cause) : DicomNetworkException(message, cause);
