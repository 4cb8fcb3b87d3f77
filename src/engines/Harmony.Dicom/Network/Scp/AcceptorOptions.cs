using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Scp;

/// <summary>What an acceptor allows. Times are above zero; those of <see cref="Timeout.InfiniteTimeSpan"/> never pass. Others are refused with <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record AcceptorOptions
{
    /// <summary>Which associations are accepted.</summary>
    public NegotiationPolicy Policy { get; init; } = new();

    /// <summary>How many associations may be open at once; further ones are rejected (2, 3, 2). Default 100. At least 1.</summary>
    public int MaxAssociations
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 100;

    /// <summary>Where the associations are counted; null: the acceptor counts its own.</summary>
    public AssociationCount? Count { get; init; }

    /// <summary>The longest P-DATA-TF that peers may send, in bytes: 4096 to 1 MiB, or 0 for no limit. Default 128 KiB.</summary>
    public int MaxPduLength
    {
        get;
        init => field = OptionRange.PduLength(value);
    } = 128 * 1024;

    /// <summary>The ARTIM timer: how long a peer may take to ask for an association, to close the connection, and between two pieces of a message. Default 30 s.</summary>
    public TimeSpan Artim
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>How long an association may be open without any operation going on; then it is aborted. Default 5 minutes.</summary>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>How long an operation of a handler may take, sub-operations and waiting for the peer included; then it is cancelled. Default: for ever.</summary>
    public TimeSpan OperationTimeout
    {
        get;
        init => field = OptionRange.Time(value);
    } = Timeout.InfiniteTimeSpan;

    /// <summary>The longest data set that is taken into memory (identifiers, and those of DIMSE-N), in bytes. Default 4 MiB. At least 1.</summary>
    public int MaxIdentifierLength
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 4 * 1024 * 1024;

    /// <summary>
    /// Whether an object is refused (A900, or C000 where it cannot be read) whose data set is not the instance of the SOP class that the command of the C-STORE names: PS3.4 §B.2.3.
    /// Else a sender might be told that an object is stored which nobody will find. Default true.
    /// </summary>
    public bool ChecksObjects { get; init; } = true;

    /// <summary>Limits of what is read.</summary>
    public PduLimits Limits { get; init; } = PduLimits.Default;

    /// <summary>
    /// A last check of an association that the policy accepts, for instance of the certificate; a rejection refuses it. Null: none. It has the time
    /// of <see cref="Artim"/>.
    /// </summary>
    public Func<AssociationInfo, CancellationToken, ValueTask<AssociationRejection?>>? Authorize { get; init; }

    /// <summary>Judges the user identity of an association, or that there is none. Null: identities are passed over. It has the time of <see cref="Artim"/>.</summary>
    public Func<AssociationInfo, CancellationToken, ValueTask<UserIdentityVerdict>>? Identify { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
