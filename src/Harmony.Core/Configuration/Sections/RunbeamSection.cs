namespace Harmony.Core.Configuration;

/// <summary><c>[runbeam]</c>: the older form of <c>[provider.runbeam]</c>.</summary>
public sealed record RunbeamSection : ConfigNode
{
    /// <summary>Whether the provider is used.</summary>
    public bool Enabled { get; init; }

    /// <summary>Base URL of its API.</summary>
    public string? CloudApiBaseUrl { get; init; }

    /// <summary>Seconds between polls; 0 for none.</summary>
    [AllowedRange(0, 3600)]
    public int PollIntervalSecs { get; init; } = 30;
}
