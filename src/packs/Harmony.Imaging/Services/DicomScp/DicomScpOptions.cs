using Harmony.Core.Configuration;
using Harmony.Imaging.Dicom.Transcoding;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary><c>[endpoints.NAME.options]</c> of a <c>dicom_scp</c> endpoint.</summary>
[FormerKey("use_dcmtk_store", "objects are received by the gateway itself")]
public sealed record DicomScpOptions : TranscodingOptions
{
    /// <summary>Application entity title of the gateway, 1 to 16 characters. Endpoints that share a port are told apart by it.</summary>
    [AlsoKnownAs("aet")]
    [NotEmpty]
    public string LocalAet { get; init; } = "HARMONY_SCP";

    /// <summary>
    /// IP address, or <c>localhost</c>; over that of a connection or peer, else that of the network, else 0.0.0.0, which means every interface.
    /// </summary>
    [NotEmpty]
    public string? BindAddr { get; init; }

    /// <summary>Port; over that of a connection or peer, else 11112.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Host and port over everything else that says them.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Answers C-ECHO, without the pipeline.</summary>
    public bool EnableEcho { get; init; } = true;

    /// <summary>Takes C-STORE.</summary>
    public bool EnableStore { get; init; }

    /// <summary>Takes C-FIND.</summary>
    public bool EnableFind { get; init; }

    /// <summary>Takes C-GET.</summary>
    public bool EnableGet { get; init; }

    /// <summary>Takes C-MOVE.</summary>
    public bool EnableMove { get; init; }

    /// <summary>
    /// Takes storage commitment (N-ACTION, PS3.4 annex J): the backend is asked for each object by C-FIND, and the result is reported by N-EVENT-REPORT to
    /// the sender's AE title where <c>aet_table</c>, <c>[dicom.destinations]</c> or <c>[peers]</c> know it, else on the same association.
    /// </summary>
    public bool EnableCommit { get; init; }

    /// <summary>Rejects associations that call another AE title than <c>local_aet</c>.</summary>
    public bool RequireCalledAet { get; init; } = true;

    /// <summary>AE titles that may call; all when empty.</summary>
    public IReadOnlyList<string> AllowedCallingAets { get; init; } = [];

    /// <summary>Kinds of objects that are stored and retrieved, by UID or keyword (<c>CTImageStorage</c>); all when empty.</summary>
    public IReadOnlyList<string> AcceptedSopClasses { get; init; } = [];

    /// <summary>
    /// Transfer syntaxes of objects, by UID or keyword (<c>JPEGLSLossless</c>), the one that the sender proposes first is taken; all of the standard when
    /// empty. Private ones have to be named.
    /// </summary>
    public IReadOnlyList<string> TransferSyntaxes { get; init; } = [];

    /// <summary>
    /// Refuses an object that is not the one that its C-STORE names, by SOP class and instance UID (A900). Off for devices whose objects contradict their
    /// commands.
    /// </summary>
    public bool CheckObjectUids { get; init; } = true;

    /// <summary>Most associations at the same time.</summary>
    [AllowedRange(1, 10000)]
    public int MaxAssociations { get; init; } = 100;

    /// <summary>Longest PDU that is taken, in bytes.</summary>
    [AllowedRange(16384, 131072)]
    public int MaxPdu { get; init; } = 65536;

    /// <summary>Most matches of a query that are asked for and sent; 0 for no limit.</summary>
    [AllowedRange(0)]
    public int MaxResults { get; init; }

    /// <summary>Longest identifier of a query, in bytes.</summary>
    [AllowedRange(1024, 67108864)]
    public int MaxIdentifierSize { get; init; } = 4194304;

    /// <summary>Most bytes of an object before its pixel data that are read to know what it is.</summary>
    [AllowedRange(65536, 268435456)]
    public int MaxHeaderSize { get; init; } = 16777216;

    /// <summary>Seconds to ask for an association, to close a connection, and between two pieces of a message (ARTIM, PS3.8 §9.1.5).</summary>
    [AllowedRange(1, 3600)]
    public int ArtimSecs { get; init; } = 30;

    /// <summary>Seconds after which an association on which nothing goes on is aborted; 0 for never.</summary>
    [AllowedRange(0, 86400)]
    public int IdleTimeoutSecs { get; init; } = 300;

    /// <summary>Seconds for an operation as a whole, sub-operations included; 0 for no limit.</summary>
    [AllowedRange(0, 86400)]
    public int OperationTimeoutSecs { get; init; }

    /// <summary>Speaks TLS (PS3.15 annex B).</summary>
    public DicomScpTlsOptions? Tls { get; init; }

    /// <summary>Where C-MOVE may send objects to, by AE title; over <c>[dicom.destinations]</c> and <c>[peers]</c>.</summary>
    public IReadOnlyDictionary<string, DicomDestinationSection> AetTable { get; init; } = new Dictionary<string, DicomDestinationSection>();

    /// <summary>
    /// Folder for objects that have to be kept while a C-GET or C-MOVE is answered, relative to the working directory; <c>dimse</c> in the folder of
    /// <c>[storage]</c> when absent.
    /// </summary>
    [NotEmpty]
    public string? StorageDir { get; init; }
}

/// <summary><c>[endpoints.NAME.options.tls]</c> of a <c>dicom_scp</c> endpoint. Files that change are read again.</summary>
public sealed record DicomScpTlsOptions : ConfigNode
{
    /// <summary>PEM file with the certificate and its chain.</summary>
    [NotEmpty]
    public required string CertPath { get; init; }

    /// <summary>PEM file with the private key: PKCS#8, PKCS#1 or EC, not encrypted.</summary>
    [NotEmpty]
    public required string KeyPath { get; init; }

    /// <summary>PEM file with the authorities that vouch for clients' certificates; no others do.</summary>
    [NotEmpty]
    public string? ClientCaPath { get; init; }

    /// <summary>
    /// Whether clients are asked for a certificate: not, if they like, or before anything else; <c>require</c> where there is a <c>client_ca_path</c>, else
    /// <c>none</c>.
    /// </summary>
    [AllowedValues("none", "request", "require")]
    public string? ClientAuth { get; init; }

    /// <summary>Oldest version of TLS that is spoken.</summary>
    [AllowedValues("1.2", "1.3")]
    public string TlsMinVersion { get; init; } = "1.2";

    /// <summary>Seconds for a handshake.</summary>
    [AllowedRange(1, 300)]
    public int HandshakeTimeoutSecs { get; init; } = 10;
}
