namespace Harmony.Core.Configuration;

/// <summary><c>[middleware.NAME]</c>: a middleware with its options, which stand under <c>options</c> or directly in the table.</summary>
public sealed record MiddlewareSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Type of the middleware.</summary>
    [NotEmpty]
    public required string Type { get; init; }

    /// <summary>Name of an <c>[authentications.NAME]</c>.</summary>
    public string? Authentication { get; init; }

    /// <summary>Options of the type.</summary>
    public OptionsTable? Options { get; init; }

    /// <summary>Options written directly in the table, as older documents do.</summary>
    [RemainingKeys]
    public OptionsTable? DirectOptions { get; init; }
}

/// <summary><c>[endpoints.NAME]</c>: where requests enter.</summary>
public sealed record EndpointSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Name of the service that receives the requests.</summary>
    [NotEmpty]
    public required string Service { get; init; }

    /// <summary>Name of a <c>[peers.NAME]</c> whose connection settings the endpoint uses.</summary>
    public string? PeerRef { get; init; }

    /// <summary>Connection settings; take precedence over those of the peer.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Name of an <c>[authentications.NAME]</c>.</summary>
    public string? Authentication { get; init; }

    /// <summary>Options of the service.</summary>
    public OptionsTable? Options { get; init; }
}

/// <summary><c>[backends.NAME]</c>: what handles requests.</summary>
public sealed record BackendSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Name of the service that handles the requests.</summary>
    [NotEmpty]
    public required string Service { get; init; }

    /// <summary>Name of the <c>[targets.NAME]</c> that the backend sends to.</summary>
    public string? TargetRef { get; init; }

    /// <summary>Names of several targets that share the backend's requests.</summary>
    [AllowedRange(1, 1000)]
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Connection settings; take precedence over those of the target.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Name of an <c>[authentications.NAME]</c>; takes precedence over that of the target.</summary>
    [AlsoKnownAs("authentication_ref")]
    public string? Authentication { get; init; }

    /// <summary>Seconds without progress after which a request is given up, over those of the target.</summary>
    [AllowedRange(1, 300)]
    public int? TimeoutSecs { get; init; }

    /// <summary>Further tries of a request that may be repeated, over those of the target.</summary>
    [AllowedRange(0, 10)]
    public int? MaxRetries { get; init; }

    /// <summary>Options of the service.</summary>
    public OptionsTable? Options { get; init; }
}
