using Harmony.Dicom.Network;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>A store failed, and another try might succeed; but the beginning of the object is not there any more.</summary>
/// <param name="cause">How it failed.</param>
internal sealed class SpentObjectException(DicomNetworkException cause) : DicomNetworkException($"{cause.Message}; so much of the object was sent that it cannot be sent again", cause);
