namespace Harmony.Dicom.Network.Pdus;

/// <summary>How much is believed of what a peer sends. Everything is checked before anything is allocated.</summary>
public sealed record PduLimits
{
    /// <summary>The defaults.</summary>
    public static PduLimits Default { get; } = new();

    /// <summary>The longest PDU that is not P-DATA-TF, in bytes without the first six. Default 256 KiB: 128 presentation contexts with 20 transfer syntaxes each have 180 KiB.</summary>
    public int MaxControlPduLength { get; init; } = 256 * 1024;

    /// <summary>How many presentation contexts there may be. Default 128: there are no more odd numbers in a byte.</summary>
    public int MaxPresentationContexts { get; init; } = 128;

    /// <summary>How many items there may be altogether, those within items counted. Default 8192.</summary>
    public int MaxItems { get; init; } = 8192;

    /// <summary>The longest UID or name, in bytes. Default 128, twice what the standard allows.</summary>
    public int MaxTextLength { get; init; } = 128;

    /// <summary>The longest user identity or extended negotiation, in bytes. Default 64 KiB - 1, which is all there can be.</summary>
    public int MaxBytesLength { get; init; } = ushort.MaxValue;
}

/// <summary>A peer sent what the protocol does not allow.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="reason">What the peer is told.</param>
public sealed class PduException(string message, AbortReason reason) : DicomNetworkException(message)
{
    /// <summary>What the peer is told.</summary>
    public AbortReason Reason { get; } = reason;
}
