namespace Harmony.Core.Configuration;

/// <summary><c>[endpoints.NAME]</c>: where requests enter.</summary>
public sealed record EndpointSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>The service it is an endpoint of.</summary>
    [NotEmpty]
    public required string Service { get; init; }

    /// <summary>Name of a <c>[peers.NAME]</c> whose connection it takes over.</summary>
    public string? PeerRef { get; init; }

    /// <summary>Connection settings over those of the peer.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Name of an <c>[authentications.NAME]</c>.</summary>
    public string? Authentication { get; init; }

    /// <summary>Options of the service.</summary>
    public OptionsTable? Options { get; init; }
}
