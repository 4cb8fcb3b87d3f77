namespace Harmony.Core.Configuration;

/// <summary>What the user wrote: every file of a configuration, read and bound, nothing resolved yet.</summary>
public sealed class ConfigSet
{
    internal ConfigSet(string mainFile, string directory, IReadOnlyList<ConfigFile> files, IReadOnlyCollection<string> usedVariables)
    {
        MainFile = mainFile;
        Directory = directory;
        Files = files;
        UsedVariables = usedVariables;
        Main = files.Count > 0 ? files[0].Content : new ConfigFileContent();
        Telemetry = Main.Telemetry ?? new TelemetrySection();
        if (ManagementTables.Of(Management, files) is { } management) files = [.. files, management];
        var meanings = new Meanings();
        Networks = new("network", "network", files, f => f.Network, meanings);
        Peers = new("peers", "peer", files, f => f.Peers, meanings);
        Targets = new("targets", "target", files, f => f.Targets, meanings);
        Authentications = new("authentications", "authentication", files, f => f.Authentications, meanings);
        Services = new("services", "service", files, f => f.Services, meanings);
        MiddlewareTypes = new("middleware_types", "middleware type", files, f => f.MiddlewareTypes, meanings);
        Endpoints = new("endpoints", "endpoint", files, f => f.Endpoints, meanings);
        Backends = new("backends", "backend", files, f => f.Backends, meanings);
        Pipelines = new("pipelines", "pipeline", files, f => f.Pipelines, meanings);
        Middleware = new("middleware", "middleware", files, f => f.Middleware, meanings);
        Policies = new("policies", "policy", files, f => f.Policies, meanings);
        Rules = new("rules", "rule", files, f => f.Rules, meanings);
        Providers = new("provider", "provider", files, f => f.Provider, meanings);
        Meshes = new("mesh", "mesh", files, f => f.Mesh, meanings);
        Ingresses = new("ingress", "ingress", files, f => f.Ingress, meanings);
        Egresses = new("egress", "egress", files, f => f.Egress, meanings);
        RemoteIngresses = new("remote_ingress", "remote ingress", files, f => f.RemoteIngress, meanings);
    }

    /// <summary>The main file, as given.</summary>
    public string MainFile { get; }

    /// <summary>The folder of the main file, absolute.</summary>
    public string Directory { get; }

    /// <summary>Every file, the main one first.</summary>
    public IReadOnlyList<ConfigFile> Files { get; }

    /// <summary>Names of the environment variables that were used.</summary>
    public IReadOnlyCollection<string> UsedVariables { get; }

    /// <summary>Every file and folder it was read from, and those that modules read for it.</summary>
    public ConfigSources Sources { get; internal init; } = new();

    /// <summary>What it may read where it is only tried; null for a configuration that is to run.</summary>
    public TrialFiles? Trial { get; internal init; }

    /// <summary>The files of an earlier version that it was read from; null where it was read from the disk.</summary>
    public EarlierFiles? Earlier { get; internal init; }

    /// <summary>The main file's content.</summary>
    public ConfigFileContent Main { get; }

    /// <summary><c>[proxy]</c>.</summary>
    public ProxySection Proxy => Main.Proxy ?? new ProxySection();

    /// <summary><c>[logging]</c>.</summary>
    public LoggingSection Logging => Main.Logging ?? new LoggingSection();

    /// <summary><c>[telemetry]</c>; asked for each request.</summary>
    public TelemetrySection Telemetry { get; }

    /// <summary><c>[management]</c>.</summary>
    public ManagementSection Management => Main.Management ?? new ManagementSection();

    /// <summary><c>[storage]</c>.</summary>
    public StorageSection Storage => Main.Storage ?? new StorageSection();

    /// <summary><c>[dicom]</c>.</summary>
    public DicomSection Dicom => Main.Dicom ?? new DicomSection();

    /// <summary><c>[network.NAME]</c> of all files.</summary>
    public Definitions<NetworkSection> Networks { get; }

    /// <summary><c>[peers.NAME]</c> of all files.</summary>
    public Definitions<RemoteSystemSection> Peers { get; }

    /// <summary><c>[targets.NAME]</c> of all files.</summary>
    public Definitions<RemoteSystemSection> Targets { get; }

    /// <summary><c>[authentications.NAME]</c> of all files.</summary>
    public Definitions<AuthenticationSection> Authentications { get; }

    /// <summary><c>[services.NAME]</c> of all files.</summary>
    public Definitions<RegistrationSection> Services { get; }

    /// <summary><c>[middleware_types.NAME]</c> of all files.</summary>
    public Definitions<RegistrationSection> MiddlewareTypes { get; }

    /// <summary><c>[endpoints.NAME]</c> of all files.</summary>
    public Definitions<EndpointSection> Endpoints { get; }

    /// <summary><c>[backends.NAME]</c> of all files.</summary>
    public Definitions<BackendSection> Backends { get; }

    /// <summary><c>[pipelines.NAME]</c> of all files.</summary>
    public Definitions<PipelineSection> Pipelines { get; }

    /// <summary><c>[middleware.NAME]</c> of all files.</summary>
    public Definitions<MiddlewareSection> Middleware { get; }

    /// <summary><c>[policies.NAME]</c> of all files.</summary>
    public Definitions<PolicySection> Policies { get; }

    /// <summary><c>[rules.NAME]</c> of all files.</summary>
    public Definitions<RuleSection> Rules { get; }

    /// <summary><c>[provider.NAME]</c> of all files.</summary>
    public Definitions<ProviderSection> Providers { get; }

    /// <summary><c>[mesh.NAME]</c> of all files.</summary>
    public Definitions<MeshSection> Meshes { get; }

    /// <summary><c>[ingress.NAME]</c> of all files.</summary>
    public Definitions<IngressSection> Ingresses { get; }

    /// <summary><c>[egress.NAME]</c> of all files.</summary>
    public Definitions<EgressSection> Egresses { get; }

    /// <summary><c>[remote_ingress.NAME]</c> of all files.</summary>
    public Definitions<RemoteIngressSection> RemoteIngresses { get; }

    /// <summary>
    /// The file that a path of the configuration means: relative to the folder of the main file, or, if there is none, to the working
    /// directory. Noted as a source of the configuration: when the file changes, the configuration is loaded again.
    /// </summary>
    public string PathOf(string configured)
    {
        ArgumentNullException.ThrowIfNull(configured);
        var path = Trial is null ? ConfigPaths.Find(Directory, configured) : Trial.Resolve(configured);
        Sources.Add(path);
        return Earlier?.PlaceOf(path) ?? path;
    }
}
