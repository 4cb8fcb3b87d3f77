using Harmony.Core.Configuration;
using Harmony.Http.Services.Targets;
using Harmony.Imaging.Dicom.Transcoding;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary><c>[backends.NAME.options]</c> of a <c>dicom_scu</c> backend.</summary>
public sealed record DicomScuOptions : TranscodingOptions
{
    /// <summary>
    /// AE title of the system that the backend calls, 1 to 16 characters. A target with an <c>ae_title</c> has its own.
    /// </summary>
    [NotEmpty]
    public string? Aet { get; init; }

    /// <summary>Host name or IP address; takes precedence over that of a connection or target. Not with several <c>targets</c>.</summary>
    [NotEmpty]
    public string? Host { get; init; }

    /// <summary>Port; takes precedence over that of a connection or target. Not with several <c>targets</c>.</summary>
    [AllowedRange(1, 65535)]
    public int? Port { get; init; }

    /// <summary>AE title of the gateway, 1 to 16 characters. Systems that send objects for a C-MOVE must know the gateway by this title.</summary>
    [NotEmpty]
    public string LocalAet { get; init; } = "HARMONY_SCU";

    /// <summary>How objects are retrieved if a request does not say <c>get</c> or <c>move</c>, and for DIMSE requests.</summary>
    [AllowedValues("get", "move")]
    public string DimseRetrieveMode { get; init; } = "get";

    /// <summary>Port that receives the objects of a C-MOVE.</summary>
    [AllowedRange(1, 65535)]
    public int IncomingStorePort { get; init; } = 11123;

    /// <summary>Address that receives the objects of a C-MOVE: an IP address or <c>localhost</c>.</summary>
    [NotEmpty]
    public string IncomingStoreAddress { get; init; } = "0.0.0.0";

    /// <summary>Keeps that port open at all times, not only during a C-MOVE.</summary>
    public bool PersistentStoreScp { get; init; }

    /// <summary>
    /// Folder for retrieved objects, relative to the working directory; <c>dimse</c> in the folder of <c>[storage]</c> when absent. Each retrieval has its own
    /// folder in it.
    /// </summary>
    [NotEmpty]
    public string? StorageDir { get; init; }

    /// <summary>Seconds after the end of a response until the folder of its retrieval is deleted; 0 if another program deletes the folders.</summary>
    [AllowedRange(0, 31536000)]
    public int RetrievedKeepSecs { get; init; } = 86400;

    /// <summary>
    /// Most bytes on disk of the objects that a bridge, such as <c>dicomweb_bridge</c>, has retrieved and keeps for later requests. A larger series streams to
    /// the client without being kept.
    /// </summary>
    [AllowedRange(0)]
    public long RetrievalCacheBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Seconds that retrieved objects are kept after their last use.</summary>
    [AllowedRange(1, 86400)]
    public int RetrievalCacheSecs { get; init; } = 300;

    /// <summary>Longest PDU that is accepted from the other side, in bytes.</summary>
    [AllowedRange(16384, 131072)]
    public int MaxPdu { get; init; } = 65536;

    /// <summary>
    /// Most matches of a query; a query with more matches is cancelled. 0 for no limit. The metadata <c>dicom.max_results</c> of a request can lower the limit.
    /// </summary>
    [AllowedRange(0)]
    public int MaxResults { get; init; }

    /// <summary>Connects with TLS. When absent, TLS is on if there is a <c>tls</c> table.</summary>
    public bool? UseTls { get; init; }

    /// <summary>Certificates for TLS.</summary>
    public DicomScuTlsOptions? Tls { get; init; }

    /// <summary>
    /// Time-out in seconds: an operation fails after this time without a response. Takes precedence over <c>timeout_secs</c> of the backend and of its target.
    /// </summary>
    [AllowedRange(1, 3600)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Time-out for connecting, TLS included, in seconds.</summary>
    [AllowedRange(1, 300)]
    public int ConnectTimeoutSecs { get; init; } = 10;

    /// <summary>
    /// Time-out in seconds for negotiating and for releasing an association, and for the other side to close the connection (ARTIM, PS3.8 §9.1.5).
    /// </summary>
    [AllowedRange(1, 300)]
    public int ArtimSecs { get; init; } = 10;

    /// <summary>
    /// Most retries of an operation. An operation is retried if it failed before it had an effect, or if a repetition does no harm. Takes precedence over
    /// <c>max_retries</c> of the backend and of its targets; of several targets, the first that has a value counts. A C-STORE is retried if its object can be
    /// read again from the beginning. No retry begins later than <c>timeout_secs</c> after the first attempt.
    /// </summary>
    [AllowedRange(0, 10)]
    public int? MaxRetries { get; init; }

    /// <summary>Most concurrent associations with a target; further operations wait for one.</summary>
    [AllowedRange(1, 1000)]
    public int MaxAssociations { get; init; } = 10;

    /// <summary>Seconds after which an unused association is released; 0 to release each association after its operation.</summary>
    [AllowedRange(0, 3600)]
    public int AssociationIdleSecs { get; init; } = 30;

    /// <summary>
    /// How requests are shared among several targets. <c>first</c> sends all requests to the first healthy target; the others are on standby.
    /// </summary>
    [AllowedValues("round_robin", "least_requests", "power_of_two", "random", "first")]
    public string LoadBalancing { get; init; } = "first";

    /// <summary>Health checks of the targets, by C-ECHO on separate associations; every 30 s by default.</summary>
    public DicomHealthCheckOptions? HealthCheck { get; init; }

    /// <summary>
    /// Takes targets that fail out of use. A target that accepts connections but does not respond gets no requests for <c>ejection_secs</c>, even if there is
    /// no other target.
    /// </summary>
    public PassiveHealthOptions PassiveHealth { get; init; } = new();
}

/// <summary><c>[backends.NAME.options.tls]</c> of a <c>dicom_scu</c> backend. The connection supplies settings that are absent here.</summary>
public sealed record DicomScuTlsOptions : ConfigNode
{
    /// <summary>PEM file with the CA certificates that verify the other side's certificate, instead of the system's.</summary>
    [NotEmpty]
    public string? CaCertPath { get; init; }

    /// <summary>PEM file with the gateway's certificate. The port on which the objects of a move arrive uses it, too.</summary>
    [AlsoKnownAs("cert_path")]
    [NotEmpty]
    public string? ClientCertPath { get; init; }

    /// <summary>PEM file with the key of that certificate.</summary>
    [AlsoKnownAs("key_path")]
    [NotEmpty]
    public string? ClientKeyPath { get; init; }

    /// <summary>Host name that the other side's certificate must contain; the host of the connection when absent.</summary>
    [NotEmpty]
    public string? ServerName { get; init; }
}
