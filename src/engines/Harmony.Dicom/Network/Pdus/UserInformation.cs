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
