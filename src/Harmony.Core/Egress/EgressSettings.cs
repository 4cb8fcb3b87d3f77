namespace Harmony.Core.Egress;

/// <summary>Limits of an <see cref="EgressClient"/>.</summary>
internal sealed record EgressSettings
{
    /// <summary>From the start of a request, connecting included, to the last byte of its answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of an answer's body.</summary>
    public int MaxResponseBytes { get; init; } = 1024 * 1024;

    /// <summary>Most connections to one host at a time.</summary>
    public int MaxConnections { get; init; } = 4;
}
