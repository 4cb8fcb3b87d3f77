namespace Harmony.Core.Configuration;

/// <summary>All that a configuration file may hold at its top level.</summary>
public sealed record ConfigFileContent : ConfigNode
{
    /// <summary><c>[proxy]</c>, main file only.</summary>
    public ProxySection? Proxy { get; init; }

    /// <summary><c>[management]</c>, main file only.</summary>
    public ManagementSection? Management { get; init; }

    /// <summary><c>[runbeam]</c>, main file only.</summary>
    public RunbeamSection? Runbeam { get; init; }

    /// <summary><c>[logging]</c>, main file only.</summary>
    public LoggingSection? Logging { get; init; }

    /// <summary><c>[telemetry]</c>, main file only.</summary>
    public TelemetrySection? Telemetry { get; init; }

    /// <summary><c>[storage]</c>, main file only.</summary>
    public StorageSection? Storage { get; init; }

    /// <summary><c>[dicom]</c>, main file only.</summary>
    public DicomSection? Dicom { get; init; }

    /// <summary><c>[extensions.NAME]</c>, main file only: tables for the modules of plug-ins.</summary>
    public OptionsTable? Extensions { get; init; }

    /// <summary><c>[provider.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, ProviderSection> Provider { get; init; } = new Dictionary<string, ProviderSection>();

    /// <summary><c>[network.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, NetworkSection> Network { get; init; } = new Dictionary<string, NetworkSection>();

    /// <summary><c>[peers.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, RemoteSystemSection> Peers { get; init; } = new Dictionary<string, RemoteSystemSection>();

    /// <summary><c>[targets.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, RemoteSystemSection> Targets { get; init; } = new Dictionary<string, RemoteSystemSection>();

    /// <summary><c>[authentications.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, AuthenticationSection> Authentications { get; init; } = new Dictionary<string, AuthenticationSection>();

    /// <summary><c>[services.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, RegistrationSection> Services { get; init; } = new Dictionary<string, RegistrationSection>();

    /// <summary><c>[middleware_types.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, RegistrationSection> MiddlewareTypes { get; init; } = new Dictionary<string, RegistrationSection>();

    /// <summary><c>[endpoints.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, EndpointSection> Endpoints { get; init; } = new Dictionary<string, EndpointSection>();

    /// <summary><c>[backends.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, BackendSection> Backends { get; init; } = new Dictionary<string, BackendSection>();

    /// <summary><c>[pipelines.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, PipelineSection> Pipelines { get; init; } = new Dictionary<string, PipelineSection>();

    /// <summary><c>[middleware.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, MiddlewareSection> Middleware { get; init; } = new Dictionary<string, MiddlewareSection>();

    /// <summary><c>[policies.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, PolicySection> Policies { get; init; } = new Dictionary<string, PolicySection>();

    /// <summary><c>[rules.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, RuleSection> Rules { get; init; } = new Dictionary<string, RuleSection>();

    /// <summary><c>[mesh.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, MeshSection> Mesh { get; init; } = new Dictionary<string, MeshSection>();

    /// <summary><c>[ingress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, IngressSection> Ingress { get; init; } = new Dictionary<string, IngressSection>();

    /// <summary><c>[egress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, EgressSection> Egress { get; init; } = new Dictionary<string, EgressSection>();

    /// <summary><c>[remote_ingress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, RemoteIngressSection> RemoteIngress { get; init; } = new Dictionary<string, RemoteIngressSection>();
}
