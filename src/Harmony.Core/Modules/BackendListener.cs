using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>A port that a backend listens on beside the listeners of networks: where objects come in that it asked for.</summary>
/// <param name="Address">IP address or <c>localhost</c>.</param>
/// <param name="Port">Port.</param>
/// <param name="Owner">Who listens, for errors: <c>backend 'archive'</c>.</param>
/// <param name="Location">Where the configuration says so.</param>
public sealed record BackendListener(string Address, int Port, string Owner, SourceLocation Location)
{
    /// <summary>What tells listeners apart that are one: backends with the same share the port.</summary>
    public object? SharedAs { get; init; }

    /// <summary>Whether the port is taken by default only, and perhaps never opened: then a clash is a warning.</summary>
    public bool IsDefault { get; init; }
}
