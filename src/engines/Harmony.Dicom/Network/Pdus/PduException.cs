namespace Harmony.Dicom.Network.Pdus;

/// <summary>A peer sent what the protocol does not allow.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="reason">What the peer is told.</param>
public sealed class PduException(string message, AbortReason reason) : DicomNetworkException(message)
{
    /// <summary>What the peer is told.</summary>
    public AbortReason Reason { get; } = reason;
}
