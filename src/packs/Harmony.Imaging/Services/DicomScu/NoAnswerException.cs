using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Associations;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>The other side was asked and did not answer in time. It may be at work still, so it is not asked again.</summary>
/// <param name="timeout">How long it had.</param>
internal sealed class NoAnswerException(AssociationTimeoutException timeout) : DicomNetworkException(timeout.Message, timeout);
