using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>What a listener is bound to. Two bindings that are equal are the same listener.</summary>
/// <param name="Protocol">The adapter.</param>
/// <param name="Network">The network it belongs to.</param>
/// <param name="Address">IP address or <c>localhost</c>.</param>
/// <param name="Port">Port.</param>
public abstract record ListenerBinding(string Protocol, string Network, string Address, int Port)
{
    /// <summary>How people write it: <c>http://127.0.0.1:8080</c>.</summary>
    public abstract string Url { get; }

    /// <summary>Who asks for it, for errors: <c>network 'front'</c>.</summary>
    public virtual string Owner => $"network '{Network}'";

    /// <summary>Whether it is a UDP port, which is in the way of no TCP port.</summary>
    public virtual bool IsUdp => false;

    /// <summary>Where the configuration says so, for errors; not part of what makes bindings equal.</summary>
    public ListenerOrigin Origin { get; init; } = new(SourceLocation.None);
}

/// <summary>A place that does not count when bindings are compared: moving a table within its file changes no listener.</summary>
/// <param name="Location">Where the port is configured.</param>
public sealed record ListenerOrigin(SourceLocation Location)
{
    /// <inheritdoc/>
    public bool Equals(ListenerOrigin? other) => other is not null;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
