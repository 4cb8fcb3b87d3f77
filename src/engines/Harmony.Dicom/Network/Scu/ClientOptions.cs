using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Scu;

/// <summary>
/// Times and limits of clients. Times are above zero; those of <see cref="Timeout.InfiniteTimeSpan"/> never pass. Others are refused with
/// <see cref="ArgumentOutOfRangeException"/>.
/// </summary>
public sealed record ClientOptions
{
    /// <summary>The defaults.</summary>
    public static ClientOptions Default { get; } = new();

    /// <summary>How long connecting may take, the TLS handshake included. Default 10 s.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The ARTIM timer: how long the peer may take to answer A-ASSOCIATE-RQ and A-RELEASE-RQ, and to close the connection after an abort. Default 30 s.
    /// </summary>
    public TimeSpan Artim
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>How long the peer may take to answer a request, between two answers, and to take what is sent. Default 5 minutes.</summary>
    public TimeSpan OperationTimeout
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>The longest P-DATA-TF that the peer may send, in bytes: 4096 to 1 MiB, or 0 for no limit. Default 128 KiB.</summary>
    public int MaxPduLength
    {
        get;
        init => field = OptionRange.PduLength(value);
    } = 128 * 1024;

    /// <summary>The longest P-DATA-TF that is sent, in bytes, if the peer takes such. Default 128 KiB. At least 4096.</summary>
    public int MaxSentPduLength
    {
        get;
        init => field = OptionRange.AtLeast(4096, value);
    } = 128 * 1024;

    /// <summary>The longest data set of a response that is taken, in bytes. Default 16 MiB. At least 1.</summary>
    public int MaxIdentifierLength
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 16 * 1024 * 1024;

    /// <summary>Limits of what is read.</summary>
    public PduLimits Limits { get; init; } = PduLimits.Default;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
