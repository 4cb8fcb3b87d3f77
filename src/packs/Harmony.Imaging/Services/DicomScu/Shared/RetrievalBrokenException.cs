using Harmony.Dicom.Network;

namespace Harmony.Imaging.Services.DicomScu.Shared;

/// <summary>A retrieval broke off after objects had come, which have been read by then.</summary>
/// <param name="cause">How.</param>
internal sealed class RetrievalBrokenException(DicomNetworkException cause) : DicomNetworkException($"{cause.Message}; objects had come before", cause);
