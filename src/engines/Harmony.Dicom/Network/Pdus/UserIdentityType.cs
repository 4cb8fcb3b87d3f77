namespace Harmony.Dicom.Network.Pdus;

/// <summary>How a user is identified: PS3.7 table D.3-14.</summary>
public enum UserIdentityType : byte
{
    /// <summary>By a name.</summary>
    UserName = 1,

    /// <summary>By a name and a passcode.</summary>
    UserNameAndPasscode = 2,

    /// <summary>By a Kerberos service ticket.</summary>
    Kerberos = 3,

    /// <summary>By a SAML assertion.</summary>
    Saml = 4,

    /// <summary>By a JSON web token.</summary>
    JsonWebToken = 5,
}
