namespace Harmony.Core.Configuration;

/// <summary><c>[management]</c>: the API for operators.</summary>
public sealed record ManagementSection : ConfigNode
{
    /// <summary>Whether it is served.</summary>
    public bool Enabled { get; init; }

    /// <summary>The first segment of its paths; slashes around it do not matter.</summary>
    public string BasePath { get; init; } = "admin";

    /// <summary>The network that serves it; without one, <c>management</c> on 127.0.0.1:9090.</summary>
    public string? Network { get; init; }
}
