namespace Harmony.Core.Modules;

/// <summary>What is worth knowing about a backend, in effect after all defaults: for <c>harmony explain</c> and the management API. Nothing secret.</summary>
public sealed record BackendFacts
{
    /// <summary>A backend about which there is nothing to know.</summary>
    public static readonly BackendFacts None = new();

    /// <summary>Where it sends; empty where it sends nowhere.</summary>
    public IReadOnlyList<TargetFacts> Targets { get; init; } = [];

    /// <summary>Seconds without progress after which a request is given up; null where that means nothing.</summary>
    public int? TimeoutSecs { get; init; }

    /// <summary>Further tries of a request that may be repeated; null where that means nothing.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>How requests are shared among several targets; null where there are not several.</summary>
    public string? LoadBalancing { get; init; }
}
