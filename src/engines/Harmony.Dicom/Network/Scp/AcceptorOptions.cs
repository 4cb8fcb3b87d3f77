using System.Net.Security;
using System.Net;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Scp;

/// <summary>What an acceptor allows.</summary>
public sealed record AcceptorOptions : AssociationOptions
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

    /// <summary>How long an association may be open without any operation going on; then it is aborted. Default 5 minutes.</summary>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = OptionRange.Time(value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long an operation of a handler may take, sub-operations and waiting for the peer included; then it is cancelled. Default: for ever.
    /// </summary>
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
    /// Whether an object is refused (A900, or C000 where it cannot be read) whose data set is not the instance of the SOP class that the command of the
    /// C-STORE names: PS3.4 §B.2.3. Else a sender might be told that an object is stored which cannot be found. Default true.
    /// </summary>
    public bool ChecksObjects { get; init; } = true;

    /// <summary>
    /// A last check of an association that the policy accepts, for instance of the certificate; a rejection refuses the association. Null: none. The check has
    /// the time of <see cref="AssociationOptions.Artim"/>.
    /// </summary>
    public Func<AssociationInfo, CancellationToken, ValueTask<AssociationRejection?>>? Authorize { get; init; }

    /// <summary>
    /// Judges the user identity of an association, or that there is none. Null: identities are passed over. The check has the time of
    /// <see cref="AssociationOptions.Artim"/>.
    /// </summary>
    public Func<AssociationInfo, CancellationToken, ValueTask<UserIdentityVerdict>>? Identify { get; init; }
}

/// <summary>Which associations are accepted, and what in them. AE titles are compared as they are, without the spaces around them.</summary>
public sealed record NegotiationPolicy
{
    /// <summary>The AE titles of this system; others are rejected (1, 1, 7). Null: any.</summary>
    public IReadOnlySet<string>? CalledAeTitles { get; init; }

    /// <summary>The AE titles that may call; others are rejected (1, 1, 3). Null: any.</summary>
    public IReadOnlySet<string>? CallingAeTitles { get; init; }

    /// <summary>
    /// The SOP classes that are accepted besides those of <see cref="AcceptsAllStorage"/>. Null: those that the handlers there are can have use for.
    /// </summary>
    public IReadOnlySet<string>? SopClasses { get; init; }

    /// <summary>The SOP classes of the handler for DIMSE-N. Null: all that no other handler takes.</summary>
    public IReadOnlySet<string>? NormalizedSopClasses { get; init; }

    /// <summary>
    /// Whether every storage SOP class is accepted, private ones included. Default true; it means nothing without a handler for C-STORE or C-GET.
    /// </summary>
    public bool AcceptsAllStorage { get; init; } = true;

    /// <summary>
    /// The transfer syntaxes of stored objects: the first that the peer proposes of these is chosen. Private ones have to be named. Null: all that the
    /// standard has. Other services have the uncompressed ones of them.
    /// </summary>
    public IReadOnlyList<TransferSyntax>? TransferSyntaxes { get; init; }

    /// <summary>Whether the order of <see cref="TransferSyntaxes"/> decides, rather than that of the proposal. Default false.</summary>
    public bool PrefersOwnOrder { get; init; }
}

/// <summary>Where a server listens.</summary>
public sealed record DicomServerOptions
{
    /// <summary>Address and port; port 0 takes a free one. Default: the loopback interface, port 11112.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 11112);

    /// <summary>TLS with these options; null: none. Client certificates are asked for and judged as they say.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>How long a TLS handshake may take. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Is told when no connection can be taken though some wait, for instance because the process has no file descriptor left. It is tried again
    /// after 10 ms, then more and more slowly, at least once a second, and told once until a connection was taken again. Null: no report. It must
    /// not throw.
    /// </summary>
    public Action<Exception>? AcceptFailed { get; init; }

    /// <summary>How many connections may be open at once, with or without an association; further ones are closed. Default 1000.</summary>
    public int MaxConnections { get; init; } = 1000;
}

/// <summary>Limits of operations.</summary>
internal sealed record RequestDispatcherOptions(TimeSpan OperationTimeout, int MaxIdentifierLength, TimeProvider TimeProvider)
{
    /// <summary>See <see cref="AcceptorOptions.ChecksObjects"/>.</summary>
    public bool ChecksObjects { get; init; }
}
