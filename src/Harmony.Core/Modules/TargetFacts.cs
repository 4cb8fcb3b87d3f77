namespace Harmony.Core.Modules;

/// <summary>What is worth knowing about a system that a backend sends to. Nothing secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Its address, as a URL without user information.</param>
public sealed record TargetFacts(string Name, string Url)
{
    /// <summary>Share among the targets of its backend.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The field that carries credentials, never their value; null where none are sent.</summary>
    public string? CredentialsField { get; init; }
}
