namespace Harmony.Dicom.Network.Pdus;

/// <summary>A-ASSOCIATE-RJ: PS3.8 §9.3.4.</summary>
/// <param name="Rejection">What is said with it.</param>
public sealed record AssociateRejectPdu(AssociationRejection Rejection) : Pdu
{
    /// <inheritdoc/>
    public override PduType Type => PduType.AssociateReject;
}
