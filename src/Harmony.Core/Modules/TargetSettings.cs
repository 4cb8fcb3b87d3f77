using Harmony.Core.Configuration;

namespace Harmony.Core.Modules;

/// <summary>One system a backend sends to, all references resolved.</summary>
public sealed record TargetSettings
{
    /// <summary>Name of the target, or of the backend where it has no target.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is described.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>Its AE title, where it is a system of DICOM and its table says so.</summary>
    public string? AeTitle { get; init; }

    /// <summary>Where that title stands.</summary>
    public SourceLocation AeTitleLocation { get; init; } = SourceLocation.None;

    /// <summary>How to reach it, or null where the configuration says nothing.</summary>
    public ConnectionSection? Connection { get; init; }

    /// <summary>Its base URL, where it is given as such. Parts that <see cref="Connection"/> gives are the backend's own and go over it.</summary>
    public string? Url { get; init; }

    /// <summary>Where that URL stands.</summary>
    public SourceLocation UrlLocation { get; init; } = SourceLocation.None;

    /// <summary>Credentials to send, or null for none.</summary>
    public AuthenticationSection? Authentication { get; init; }

    /// <summary>Seconds without progress after which a request is given up.</summary>
    public int? TimeoutSecs { get; init; }

    /// <summary>Further tries of a request that may be repeated.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>Share among the targets of a backend.</summary>
    public int Weight { get; init; } = 1;
}
