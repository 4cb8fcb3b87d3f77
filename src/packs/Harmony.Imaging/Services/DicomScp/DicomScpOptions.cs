using Harmony.Core.Configuration;
using Harmony.Imaging.Dicom.Transcoding;

namespace Harmony.Imaging.Services.DicomScp;

/// <summary><c>[endpoints.NAME.options]</c> of a <c>dicom_scp</c> endpoint.</summary>
[FormerKey("use_dcmtk_store", "objects are received by the gateway itself")]
public sealed record DicomScpOptions : TranscodingOptions
{
    /// <summary>AE title of the gateway, 1 to 16 characters. Endpoints that share a port need different AE titles.</summary>
    [AlsoKnownAs("aet")]
    [NotEmpty]
    public string LocalAet { get; init; } = "HARMONY_SCP";

    /// <summary>
    /// IP address to listen on, or <c>localhost</c>. Takes precedence over that of a connection or peer; when all are absent, that of the network, else
    /// 0.0.0.0, which means every interface.
    /// </summary>
    [NotEmpty]
    public string? BindAddr { get; init; }

    /// <summary>Port to listen on. Takes precedence over that of a connection or peer; 11112 when all are absent.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Host and port to listen on; they take precedence over all other settings of host and port.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Accepts C-ECHO. The endpoint responds itself, without the pipeline.</summary>
    public bool EnableEcho { get; init; } = true;

    /// <summary>Accepts C-STORE.</summary>
    public bool EnableStore { get; init; }

    /// <summary>Accepts C-FIND.</summary>
    public bool EnableFind { get; init; }

    /// <summary>Accepts C-GET.</summary>
    public bool EnableGet { get; init; }

    /// <summary>Accepts C-MOVE.</summary>
    public bool EnableMove { get; init; }

    /// <summary>
    /// Accepts storage commitment (N-ACTION, PS3.4 annex J): the gateway looks up each object at the backend by C-FIND and reports the result by
    /// N-EVENT-REPORT, to the sender's AE title if <c>aet_table</c>, <c>[dicom.destinations]</c> or <c>[peers]</c> contain it, else on the same association.
    /// </summary>
    public bool EnableCommit { get; init; }

    /// <summary>Rejects associations whose called AE title is not <c>local_aet</c>.</summary>
    public bool RequireCalledAet { get; init; } = true;

    /// <summary>Calling AE titles that are accepted; all when empty.</summary>
    public IReadOnlyList<string> AllowedCallingAets { get; init; } = [];

    /// <summary>SOP classes of the objects that may be stored and retrieved, by UID or keyword (<c>CTImageStorage</c>); all when empty.</summary>
    public IReadOnlyList<string> AcceptedSopClasses { get; init; } = [];

    /// <summary>
    /// Transfer syntaxes that are accepted for objects, by UID or keyword (<c>JPEGLSLossless</c>); the first that the sender proposes is used. All standard
    /// transfer syntaxes when empty; private transfer syntaxes must be listed.
    /// </summary>
    public IReadOnlyList<string> TransferSyntaxes { get; init; } = [];

    /// <summary>
    /// Refuses an object whose SOP class or instance UID differs from those in the C-STORE command (A900). Turn it off for devices whose objects contradict
    /// their commands.
    /// </summary>
    public bool CheckObjectUids { get; init; } = true;

    /// <summary>Most concurrent associations.</summary>
    [AllowedRange(1, 10000)]
    public int MaxAssociations { get; init; } = 100;

    /// <summary>Longest PDU that is accepted, in bytes.</summary>
    [AllowedRange(16384, 131072)]
    public int MaxPdu { get; init; } = 65536;

    /// <summary>Most matches of a query that are requested from the backend and sent; 0 for no limit.</summary>
    [AllowedRange(0)]
    public int MaxResults { get; init; }

    /// <summary>Longest query identifier, in bytes.</summary>
    [AllowedRange(1024, 67108864)]
    public int MaxIdentifierSize { get; init; } = 4194304;

    /// <summary>Most bytes of an object that may come before its pixel data; the gateway reads them to identify the object.</summary>
    [AllowedRange(65536, 268435456)]
    public int MaxHeaderSize { get; init; } = 16777216;

    /// <summary>
    /// Time-out in seconds for requesting an association, for closing a connection, and between two parts of a message (ARTIM, PS3.8 §9.1.5).
    /// </summary>
    [AllowedRange(1, 3600)]
    public int ArtimSecs { get; init; } = 30;

    /// <summary>Seconds after which an idle association is aborted; 0 for never.</summary>
    [AllowedRange(0, 86400)]
    public int IdleTimeoutSecs { get; init; } = 300;

    /// <summary>Time-out of a whole operation with its sub-operations, in seconds; 0 for no limit.</summary>
    [AllowedRange(0, 86400)]
    public int OperationTimeoutSecs { get; init; }

    /// <summary>Turns TLS on (PS3.15 annex B).</summary>
    public DicomScpTlsOptions? Tls { get; init; }

    /// <summary>Destinations of C-MOVE by AE title; take precedence over <c>[dicom.destinations]</c> and <c>[peers]</c>.</summary>
    public IReadOnlyDictionary<string, DicomDestinationSection> AetTable { get; init; } = new Dictionary<string, DicomDestinationSection>();

    /// <summary>
    /// Folder for objects that are held during a C-GET or C-MOVE, relative to the working directory; <c>dimse</c> in the folder of <c>[storage]</c> when
    /// absent.
    /// </summary>
    [NotEmpty]
    public string? StorageDir { get; init; }
}

/// <summary><c>[endpoints.NAME.options.tls]</c> of a <c>dicom_scp</c> endpoint. Changed files are read again.</summary>
public sealed record DicomScpTlsOptions : ConfigNode
{
    /// <summary>PEM file with the certificate and its chain.</summary>
    [NotEmpty]
    public required string CertPath { get; init; }

    /// <summary>PEM file with the private key: PKCS#8, PKCS#1 or EC, not encrypted.</summary>
    [NotEmpty]
    public required string KeyPath { get; init; }

    /// <summary>PEM file with the CA certificates that verify clients' certificates; the system's are not used.</summary>
    [NotEmpty]
    public string? ClientCaPath { get; init; }

    /// <summary>
    /// Whether clients need a certificate: not asked for (<c>none</c>), asked for but optional (<c>request</c>), or mandatory (<c>require</c>). When absent:
    /// <c>require</c> if there is a <c>client_ca_path</c>, else <c>none</c>.
    /// </summary>
    [AllowedValues("none", "request", "require")]
    public string? ClientAuth { get; init; }

    /// <summary>Oldest TLS version that is accepted.</summary>
    [AllowedValues("1.2", "1.3")]
    public string TlsMinVersion { get; init; } = "1.2";

    /// <summary>Time-out of the TLS handshake, in seconds.</summary>
    [AllowedRange(1, 300)]
    public int HandshakeTimeoutSecs { get; init; } = 10;
}
