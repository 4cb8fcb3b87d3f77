namespace Harmony.Core.Modules;

/// <summary>A system that a backend sends to, as it is doing now. Safe for concurrent use.</summary>
public interface ITarget
{
    /// <summary>Its name in the configuration.</summary>
    string Name { get; }

    /// <summary>Its address, as a URL without user information.</summary>
    string Url { get; }

    /// <summary>Share among the targets of its backend.</summary>
    int Weight { get; }

    /// <summary>Whether it answers, as far as is known.</summary>
    bool IsHealthy { get; }

    /// <summary>Whether a request or a health check has found out anything about it.</summary>
    bool WasAsked => true;

    /// <summary>Since when it does not answer; null while it does, or nobody knows.</summary>
    DateTimeOffset? DownSince => null;

    /// <summary>What went wrong last, for operators; null while it answers.</summary>
    string? DownReason => null;

    /// <summary>Whether it gets requests as far as operators are concerned.</summary>
    bool IsEnabled { get; }

    /// <summary>Requests under way.</summary>
    int InFlight { get; }

    /// <summary>Gives it no new requests until <see cref="Enable"/>; those under way end.</summary>
    void Drain();

    /// <summary>Gives it requests again.</summary>
    void Enable();
}
