namespace Harmony.Dicom.Network.Pdus;

/// <summary>A-ABORT: PS3.8 §9.3.8.</summary>
/// <param name="Source">Who ends the association.</param>
/// <param name="Reason">Why, if the provider does; else it means nothing.</param>
public sealed record AbortPdu(AbortSource Source, AbortReason Reason = AbortReason.NotSpecified) : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.Abort;
}
