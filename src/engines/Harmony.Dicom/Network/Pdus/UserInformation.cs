using System.Text;
using Harmony.Dicom.Files;

namespace Harmony.Dicom.Network.Pdus;

/// <summary>The user information items of a request or an acceptance: PS3.8 annex D, PS3.7 annex D.3.3.</summary>
public sealed record UserInformation
{
    /// <summary>The longest P-DATA-TF that the sender of this takes, in bytes without the first six; 0: no limit.</summary>
    public uint MaxPduLength { get; init; }

    /// <summary>Which implementation this is, as a UID.</summary>
    public string ImplementationClassUid { get; init; } = FileMetaInformation.HarmonyImplementationClassUid;

    /// <summary>Which implementation this is, in 1 to 16 characters.</summary>
    public string? ImplementationVersionName { get; init; } = FileMetaInformation.HarmonyImplementationVersionName;

    /// <summary>How many operations may be going on at once; null stands for one.</summary>
    public AsynchronousOperationsWindow? AsynchronousOperations { get; init; }

    /// <summary>Roles that are not the usual ones, e.g. that of the requestor of a C-GET, which is an SCP of storage.</summary>
    public IReadOnlyList<RoleSelection> RoleSelections { get; init; } = [];

    /// <summary>SOP class extended negotiation.</summary>
    public IReadOnlyList<ExtendedNegotiation> ExtendedNegotiations { get; init; } = [];

    /// <summary>SOP class common extended negotiation; in requests only.</summary>
    public IReadOnlyList<CommonExtendedNegotiation> CommonExtendedNegotiations { get; init; } = [];

    /// <summary>Who the user is; in requests only.</summary>
    public UserIdentity? UserIdentity { get; init; }

    /// <summary>The answer to a <see cref="UserIdentity"/> that asked for one; in acceptances only. May be empty.</summary>
    public ReadOnlyMemory<byte>? UserIdentityResponse { get; init; }
}

/// <summary>How many operations may be going on at once (53H): PS3.7 §D.3.3.3.</summary>
/// <param name="Invoked">How many the sender of this invokes; 0: no limit.</param>
/// <param name="Performed">How many it performs; 0: no limit.</param>
public sealed record AsynchronousOperationsWindow(ushort Invoked, ushort Performed);

/// <summary>The roles of the requestor for a SOP class (54H): PS3.7 §D.3.3.4. In a request what it proposes, in an acceptance what it may.</summary>
/// <param name="SopClassUid">The SOP class.</param>
/// <param name="IsScu">Whether the requestor is a user of the service.</param>
/// <param name="IsScp">Whether the requestor is a provider of it.</param>
public sealed record RoleSelection(string SopClassUid, bool IsScu, bool IsScp);

/// <summary>SOP class extended negotiation (56H): PS3.7 §D.3.3.5.</summary>
/// <param name="SopClassUid">The SOP class.</param>
/// <param name="Information">What its service says about it, e.g. for C-FIND whether relational queries are meant.</param>
public sealed record ExtendedNegotiation(string SopClassUid, ReadOnlyMemory<byte> Information);

/// <summary>SOP class common extended negotiation (57H): PS3.7 §D.3.3.6.</summary>
/// <param name="SopClassUid">The SOP class.</param>
/// <param name="ServiceClassUid">Its service class, e.g. that of storage.</param>
/// <param name="RelatedGeneralSopClassUids">More general SOP classes that it can be treated as.</param>
public sealed record CommonExtendedNegotiation(string SopClassUid, string ServiceClassUid, IReadOnlyList<string> RelatedGeneralSopClassUids);

/// <summary>Who the user of an association is (58H): PS3.7 §D.3.3.7. It holds secrets, which <see cref="ToString"/> does not show.</summary>
/// <param name="Type">What <paramref name="Primary"/> is.</param>
/// <param name="Primary">Name, ticket, assertion or token.</param>
/// <param name="Secondary">The passcode; else empty.</param>
/// <param name="WantsResponse">Whether the acceptance has to say that the identity was accepted.</param>
public sealed record UserIdentity(UserIdentityType Type, ReadOnlyMemory<byte> Primary, ReadOnlyMemory<byte> Secondary = default, bool WantsResponse = false)
{
    /// <summary>The name, if it is one.</summary>
    public string? UserName => Type is UserIdentityType.UserName or UserIdentityType.UserNameAndPasscode ? Encoding.UTF8.GetString(Primary.Span) : null;

    /// <summary>A user's name, or name and passcode.</summary>
    public static UserIdentity Of(string userName, string? passcode = null, bool wantsResponse = false) => passcode is null
        ? new UserIdentity(UserIdentityType.UserName, Encoding.UTF8.GetBytes(userName), default, wantsResponse)
        : new UserIdentity(UserIdentityType.UserNameAndPasscode, Encoding.UTF8.GetBytes(userName), Encoding.UTF8.GetBytes(passcode), wantsResponse);

    /// <summary>The type only.</summary>
    public override string ToString() => $"user identity ({Type})";
}

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
