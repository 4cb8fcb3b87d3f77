namespace Harmony.Core.Configuration;

/// <summary><c>[remote_ingress.NAME]</c>: an ingress of another member.</summary>
public sealed record RemoteIngressSection : ConfigNode
{
    /// <summary>URLs it serves.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Urls { get; init; }
}
