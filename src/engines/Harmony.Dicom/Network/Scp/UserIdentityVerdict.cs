using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Scp;

/// <summary>What is made of the user identity of an association: PS3.7 §D.3.3.7.</summary>
public sealed record UserIdentityVerdict
{
    private UserIdentityVerdict()
    {
    }

    /// <summary>Nobody has looked at it: the association is accepted, and who has asked for a response gets none.</summary>
    public static UserIdentityVerdict PassedOver { get; } = new();

    /// <summary>Why the association is rejected; null where it is not.</summary>
    public AssociationRejection? Rejection { get; private init; }

    /// <summary>What is sent to who has asked for a response; null for none.</summary>
    public ReadOnlyMemory<byte>? Response { get; private init; }

    /// <summary>It is good. Only Kerberos and SAML have something to respond (PS3.7 table D.3-15).</summary>
    public static UserIdentityVerdict Accept(ReadOnlyMemory<byte> response = default) => new() { Response = response };

    /// <summary>It is missing, or not good.</summary>
    /// <param name="rejection">How to reject the association; as the standard wants it where null.</param>
    public static UserIdentityVerdict Reject(AssociationRejection? rejection = null) => new() { Rejection = rejection ?? AssociationRejection.ProviderNoReason };
}
