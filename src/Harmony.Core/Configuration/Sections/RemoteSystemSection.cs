namespace Harmony.Core.Configuration;

/// <summary><c>[peers.NAME]</c> and <c>[targets.NAME]</c>: a system that sends requests to the gateway, or receives them from it.</summary>
public sealed record RemoteSystemSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// AE title of a DICOM system: <c>dicom_scu</c> calls the system by this title, and C-MOVE finds its destination by it. When absent, a peer has the name of
    /// its table.
    /// </summary>
    [NotEmpty]
    public string? AeTitle { get; init; }

    /// <summary>Purpose of the system, for people.</summary>
    public string? Description { get; init; }

    /// <summary>Words for searching.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Turns the system on; a pipeline cannot use a system that is off.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Protocol, if <c>connection</c> does not name it.</summary>
    [AlsoKnownAs("type")]
    [AllowedValues("http", "https", "h3", "http3", "dicom", "harmony", "fhir", "hl7v2", "custom")]
    public string? Protocol { get; init; }

    /// <summary>How the gateway connects to the system.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Base URL of the system, instead of <c>connection</c>.</summary>
    [AlsoKnownAs("base_url")]
    public string? Url { get; init; }

    /// <summary>Name of an <c>[authentications.NAME]</c>.</summary>
    public string? Authentication { get; init; }

    /// <summary>Time-out in seconds: a request fails after this time without progress.</summary>
    [AllowedRange(1, 300)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Most retries of a request that may be repeated.</summary>
    [AllowedRange(0, 10)]
    public int? MaxRetries { get; init; }

    /// <summary>Weight of this target: its share of requests among the targets of a backend.</summary>
    [AllowedRange(1, 100)]
    public int Weight { get; init; } = 1;
}

/// <summary><c>[remote_ingress.NAME]</c>: an ingress of another gateway.</summary>
public sealed record RemoteIngressSection : ConfigNode
{
    /// <summary>URLs of the ingress.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Audience of the tokens that are sent to it; the mesh's audience when absent.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>Purpose of the ingress, for people.</summary>
    public string? Description { get; init; }
}

/// <summary><c>[services.NAME]</c> and <c>[middleware_types.NAME]</c>: a module of a plug-in. Built-in modules need no such table.</summary>
public sealed record RegistrationSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Path of an assembly with an <c>IModulePack</c>; empty for a built-in module.</summary>
    public string Module { get; init; } = "";

    /// <summary>For services: whether the module is an endpoint, a backend, or both.</summary>
    [AllowedValues("endpoint", "backend")]
    public IReadOnlyList<string> Type { get; init; } = [];
}
