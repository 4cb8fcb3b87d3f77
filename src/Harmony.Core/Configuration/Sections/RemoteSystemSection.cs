namespace Harmony.Core.Configuration;

/// <summary><c>[peers.NAME]</c> and <c>[targets.NAME]</c>: a system that sends requests to the gateway, or receives them from it.</summary>
public sealed record RemoteSystemSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Name for people.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// AE title, where it is a system of DICOM: what a <c>dicom_scu</c> backend asks it by, and C-MOVE sends objects to; of a peer the name of the table when
    /// absent.
    /// </summary>
    [NotEmpty]
    public string? AeTitle { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether it may be used.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Protocol, where <c>connection</c> does not say.</summary>
    [AlsoKnownAs("type")]
    [AllowedValues("http", "https", "h3", "http3", "dicom", "harmony", "fhir", "hl7v2", "custom")]
    public string? Protocol { get; init; }

    /// <summary>How to reach it.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Its base URL, instead of <c>connection</c>.</summary>
    [AlsoKnownAs("base_url")]
    public string? Url { get; init; }

    /// <summary>Name of an <c>[authentications.NAME]</c>.</summary>
    public string? Authentication { get; init; }

    /// <summary>Seconds without progress after which a request is given up.</summary>
    [AllowedRange(1, 300)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Further tries of a request that may be repeated.</summary>
    [AllowedRange(0, 10)]
    public int? MaxRetries { get; init; }

    /// <summary>Share of the requests that this target gets among those of one backend.</summary>
    [AllowedRange(1, 100)]
    public int Weight { get; init; } = 1;
}

/// <summary><c>[remote_ingress.NAME]</c>: an ingress of another member.</summary>
public sealed record RemoteIngressSection : ConfigNode
{
    /// <summary>URLs it serves.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>Audience that tokens for it name; that of the mesh when absent.</summary>
    [NotEmpty]
    public string? Audience { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
}

/// <summary><c>[services.NAME]</c> and <c>[middleware_types.NAME]</c>: a registration; for what is built in it is not needed.</summary>
public sealed record RegistrationSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Empty for what is built in; else the path of an assembly with an <c>IModulePack</c>.</summary>
    public string Module { get; init; } = "";

    /// <summary>For services: what it can be.</summary>
    [AllowedValues("endpoint", "backend")]
    public IReadOnlyList<string> Type { get; init; } = [];
}
