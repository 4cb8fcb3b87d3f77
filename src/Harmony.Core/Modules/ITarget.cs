using Harmony.Core.Configuration;

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

    /// <summary>Since when the target does not respond; null while it does, and when that is unknown.</summary>
    DateTimeOffset? DownSince => null;

    /// <summary>The last failure, for operators; null while the target is up.</summary>
    string? DownReason => null;

    /// <summary>Whether it gets requests as far as operators are concerned.</summary>
    bool IsEnabled { get; }

    /// <summary>Requests under way.</summary>
    int InFlight { get; }

    /// <summary>The counts of requests to the target.</summary>
    TargetTraffic Traffic => new(0, 0);

    /// <summary>Gives it no new requests until <see cref="Enable"/>; those under way end.</summary>
    void Drain();

    /// <summary>Gives it requests again.</summary>
    void Enable();
}

/// <summary>The counts of requests to a target since the process first sent to its address; a reload keeps them.</summary>
/// <param name="Answered">Requests that it answered, with whatever status.</param>
/// <param name="Failed">Requests that it did not answer: no connection, no answer in time, broken off. Each try counts.</param>
public sealed record TargetTraffic(long Answered, long Failed)
{
    /// <summary>
    /// How long it took to answer the last request: until the head of the response (HTTP), or the last of the answers (DIMSE). Null before the first.
    /// </summary>
    public TimeSpan? Last { get; init; }

    /// <summary>The time that half of the last 256 answers took at most; null before the first.</summary>
    public TimeSpan? Median { get; init; }

    /// <summary>The time that 95 % of the last 256 responses took at most; null before the first.</summary>
    public TimeSpan? NinetyFifth { get; init; }

    /// <summary>The last failure of a request or a health check, for operators, also after the target has recovered; null if there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }
}

/// <summary>The facts about a target, for operators. Without secrets.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Its address, as a URL without user information.</param>
public sealed record TargetFacts(string Name, string Url)
{
    /// <summary>Share among the targets of its backend.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The field that carries credentials, never their value; null where none are sent.</summary>
    public string? CredentialsField { get; init; }
}

/// <summary>A target of a backend, with all references resolved.</summary>
public sealed record TargetSettings
{
    /// <summary>Name of the target, or of the backend where it has no target.</summary>
    public required string Name { get; init; }

    /// <summary>Location of the target in the configuration.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Its AE title, where it is a system of DICOM and its table says so.</summary>
    public string? AeTitle { get; init; }

    /// <summary>Location of the title.</summary>
    public SourceLocation AeTitleLocation { get; init; } = SourceLocation.None;

    /// <summary>How to reach it, or null where the configuration says nothing.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Its base URL, where it is given as such. Parts that <see cref="Connection"/> gives are the backend's own and go over it.</summary>
    public string? Url { get; init; }

    /// <summary>Location of the URL.</summary>
    public SourceLocation UrlLocation { get; init; } = SourceLocation.None;

    /// <summary>Credentials to send, or null for none.</summary>
    public AuthenticationSection? Authentication { get; init; }

    /// <summary>Time-out in seconds: a request fails after this time without progress.</summary>
    public int? TimeoutSecs { get; init; }

    /// <summary>Most retries of a request that may be repeated.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>Share among the targets of a backend.</summary>
    public int Weight { get; init; } = 1;
}
