using Harmony.Dicom.Network.Associations;

namespace Harmony.Dicom.Network.Scu;

/// <summary>Times and limits of clients.</summary>
public sealed record ClientOptions : AssociationOptions
{
    /// <summary>The defaults.</summary>
    public static ClientOptions Default { get; } = new();

    /// <summary>How long connecting may take, the TLS handshake included. Default 10 s.</summary>
    public TimeSpan ConnectTimeout
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long the peer may take to answer a request, between two answers, and to take what is sent. Default 5 minutes.</summary>
    public TimeSpan OperationTimeout
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromMinutes(5);

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
}
