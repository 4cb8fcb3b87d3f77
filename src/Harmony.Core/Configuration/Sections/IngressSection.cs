namespace Harmony.Core.Configuration;

/// <summary><c>[ingress.NAME]</c>: where other members of a mesh enter.</summary>
public sealed record IngressSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Whether only members may enter (<c>mesh</c>) or everybody (<c>default</c>).</summary>
    [AllowedValues("default", "mesh")]
    public string Mode { get; init; } = "default";

    /// <summary>The pipeline it leads to.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The endpoint of that pipeline; the first when absent.</summary>
    public string? Endpoint { get; init; }

    /// <summary>URLs under which it is known.</summary>
    [AllowedRange(1)]
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is in use.</summary>
    public bool Enabled { get; init; } = true;
}
