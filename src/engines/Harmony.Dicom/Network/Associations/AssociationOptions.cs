using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Associations;

/// <summary>
/// Times and limits of an association on either side. Times are above zero; <see cref="Timeout.InfiniteTimeSpan"/> never passes. Other times are refused with
/// <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public abstract record AssociationOptions
{
    private protected AssociationOptions()
    {
    }

    /// <summary>
    /// The ARTIM timer (PS3.8 §9.1.5): how long the peer may take to ask for an association, to answer A-ASSOCIATE-RQ and A-RELEASE-RQ, and to close the
    /// connection after a release or an abort; an acceptor waits as long between two pieces of a message. Default 30 s.
    /// </summary>
    public TimeSpan Artim
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>The longest P-DATA-TF that the peer may send, in bytes: 4096 to 1 MiB, or 0 for no limit. Default 128 KiB.</summary>
    public int MaxPduLength
    {
        get;
        init => field = OptionRange.PduLength(value);
    } = 128 * 1024;

    /// <summary>Limits of the PDUs that are read.</summary>
    public PduLimits Limits { get; init; } = PduLimits.Default;

    /// <summary>The clock of all times. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
