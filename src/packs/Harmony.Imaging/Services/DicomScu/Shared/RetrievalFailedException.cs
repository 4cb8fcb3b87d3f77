using Harmony.Dicom.Network;

namespace Harmony.Imaging.Services.DicomScu.Shared;

/// <summary>A retrieval that several took part in has failed, for each of them.</summary>
/// <param name="cause">How.</param>
internal sealed class RetrievalFailedException(Exception cause) : DicomNetworkException(cause.Message, cause)
{
    public override bool IsTransient => (InnerException as DicomNetworkException)?.IsTransient ?? false;
}
