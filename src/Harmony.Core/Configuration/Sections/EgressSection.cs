namespace Harmony.Core.Configuration;

/// <summary><c>[egress.NAME]</c>: where requests leave for other members of a mesh.</summary>
public sealed record EgressSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Protocol.</summary>
    [AllowedValues("http", "http3")]
    public required string Type { get; init; }

    /// <summary>Whether only members may be reached (<c>mesh</c>) or every system (<c>default</c>).</summary>
    [AllowedValues("default", "mesh")]
    public string Mode { get; init; } = "default";

    /// <summary>The pipeline it belongs to.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The backend of that pipeline; the first when absent.</summary>
    public string? Backend { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it is in use.</summary>
    public bool Enabled { get; init; } = true;
}
