namespace Harmony.Dicom.Network.Pdus;

/// <summary>A-RELEASE-RP: PS3.8 §9.3.7.</summary>
public sealed record ReleaseResponsePdu : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.ReleaseResponse;
}
