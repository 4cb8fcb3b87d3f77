using Harmony.Core.Configuration;
using Harmony.Http.Services.Targets;
using Harmony.Imaging.Dicom.Transcoding;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary><c>[backends.NAME.options]</c> of a <c>dicom_scu</c> backend.</summary>
public sealed record DicomScuOptions : TranscodingOptions
{
    /// <summary>
    /// Application entity title of the system that is asked, 1 to 16 characters. Of several <c>targets</c>, of those that have no <c>ae_title</c>.
    /// </summary>
    [NotEmpty]
    public string? Aet { get; init; }

    /// <summary>Host name or IP address; over that of a connection or target. Not with several <c>targets</c>.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>Port; over that of a connection or target. Not with several <c>targets</c>.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>Application entity title of the gateway, 1 to 16 characters. Systems that are to send objects for a move know it by this title.</summary>
    [NotEmpty]
    public string LocalAet { get; init; } = "HARMONY_SCU";

    /// <summary>How objects are retrieved where a request does not say <c>get</c> or <c>move</c> itself, and for requests that came by DIMSE.</summary>
    [AllowedValues("get", "move")]
    public string DimseRetrieveMode { get; init; } = "get";

    /// <summary>Port on which objects of a move come in.</summary>
    [AllowedRange(1, 65535)]
    public int IncomingStorePort { get; init; } = 11123;

    /// <summary>Address on which objects of a move come in: an IP address or <c>localhost</c>.</summary>
    [NotEmpty]
    public string IncomingStoreAddress { get; init; } = "0.0.0.0";

    /// <summary>Keeps that port open all the time, not only while something is moved.</summary>
    public bool PersistentStoreScp { get; init; }

    /// <summary>
    /// Folder for retrieved objects, relative to the working directory; <c>dimse</c> in the folder of <c>[storage]</c> when absent. Each retrieval makes a
    /// folder in it.
    /// </summary>
    [NotEmpty]
    public string? StorageDir { get; init; }

    /// <summary>Seconds after which the folder of a retrieval is deleted, counted from the end of its answer; 0 to leave that to others.</summary>
    [AllowedRange(0, 31536000)]
    public int RetrievedKeepSecs { get; init; } = 86400;

    /// <summary>
    /// Most bytes on the disk of objects that a bridge, such as <c>dicomweb_bridge</c>, has retrieved and keeps for the next request. A series that is larger
    /// passes through, as fast as its reader takes it.
    /// </summary>
    [AllowedRange(0)]
    public long RetrievalCacheBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Seconds that those objects stay after their last use.</summary>
    [AllowedRange(1, 86400)]
    public int RetrievalCacheSecs { get; init; } = 300;

    /// <summary>Longest PDU that is taken from the other side, in bytes.</summary>
    [AllowedRange(16384, 131072)]
    public int MaxPdu { get; init; } = 65536;

    /// <summary>
    /// Most matches of a query; it is cancelled when there are more. 0 for no limit. The metadata <c>dicom.max_results</c> of a request may ask for fewer.
    /// </summary>
    [AllowedRange(0)]
    public int MaxResults { get; init; }

    /// <summary>Speaks TLS. Also on when there is a <c>tls</c> table, unless this is <c>false</c>.</summary>
    public bool? UseTls { get; init; }

    /// <summary>Whom to trust and what to show in TLS.</summary>
    public DicomScuTlsOptions? Tls { get; init; }

    /// <summary>
    /// Seconds without an answer, or a further one, after which an operation is given up; goes before <c>timeout_secs</c> of the backend and of its target.
    /// </summary>
    [AllowedRange(1, 3600)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Seconds to make a connection, TLS included.</summary>
    [AllowedRange(1, 300)]
    public int ConnectTimeoutSecs { get; init; } = 10;

    /// <summary>Seconds to negotiate or end an association, and to wait for the other side to close its connection (ARTIM, PS3.8 §9.1.5).</summary>
    [AllowedRange(1, 300)]
    public int ArtimSecs { get; init; } = 10;

    /// <summary>
    /// How often an operation is tried again that failed before it had an effect, or that may be repeated. Goes before <c>max_retries</c> of the
    /// backend and of its target; where several targets have one, the first in the list counts. A store is repeated as long as its object can be read again
    /// from the beginning. No try begins later than <c>timeout_secs</c> after the first.
    /// </summary>
    [AllowedRange(0, 10)]
    public int? MaxRetries { get; init; }

    /// <summary>Most associations with a target at the same time; who needs another waits.</summary>
    [AllowedRange(1, 1000)]
    public int MaxAssociations { get; init; } = 10;

    /// <summary>Seconds after which an association that nobody uses is ended; 0 to end each after its operation.</summary>
    [AllowedRange(0, 3600)]
    public int AssociationIdleSecs { get; init; } = 30;

    /// <summary>How requests are shared among several targets. <c>first</c>: the first that is well is asked, the others stand by.</summary>
    [AllowedValues("round_robin", "least_requests", "power_of_two", "random", "first")]
    public string LoadBalancing { get; init; } = "first";

    /// <summary>Asks the targets regularly whether they are well, by C-ECHO on an association of its own: every 30 s where nothing is said.</summary>
    public DicomHealthCheckOptions? HealthCheck { get; init; }

    /// <summary>
    /// Leaves targets out that fail while serving. One that takes connections and says nothing is not asked for <c>ejection_secs</c>, even where there
    /// is no other.
    /// </summary>
    public PassiveHealthOptions PassiveHealth { get; init; } = new();
}

/// <summary><c>[backends.NAME.options.tls]</c> of a <c>dicom_scu</c> backend. What is absent is taken from the connection.</summary>
public sealed record DicomScuTlsOptions : ConfigNode
{
    /// <summary>PEM file with the certificates of the authority that vouches for the other side, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the certificate shown to the other side; objects of a move are taken over TLS with it too.</summary>
    [AlsoKnownAs("cert_path")]
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [AlsoKnownAs("key_path")]
    [NotEmpty]
    public string? ClientKeyPath { get; init; }

    /// <summary>Name that the certificate of the other side must hold, where that is not the host that is connected to.</summary>
    [NotEmpty]
    public string? ServerName { get; init; }
}
