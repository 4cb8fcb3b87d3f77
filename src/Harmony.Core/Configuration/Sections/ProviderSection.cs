namespace Harmony.Core.Configuration;

/// <summary><c>[provider.NAME]</c>: a service that gives configuration and resolves references. <c>local</c> needs no table.</summary>
public sealed record ProviderSection : ConfigNode
{
    /// <summary>Base URL of its API.</summary>
    public string? Api { get; init; }

    /// <summary>Seconds between polls; 0 for none.</summary>
    [AllowedRange(0, 3600)]
    public int PollIntervalSecs { get; init; } = 30;
}
