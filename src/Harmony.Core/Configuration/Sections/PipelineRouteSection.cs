namespace Harmony.Core.Configuration;

/// <summary><c>[[pipelines.NAME.routes]]</c>: which requests go to a backend other than the first. All conditions given must hold.</summary>
public sealed record PipelineRouteSection : ConfigNode
{
    /// <summary>One of the pipeline's backends.</summary>
    [NotEmpty]
    public required string Backend { get; init; }

    /// <summary>Pattern for the path below the endpoint's prefix, e.g. <c>/v2/{*rest}</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Methods.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Fields and the values they must have; <c>*</c> for any.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Query parameters and the values they must have; <c>*</c> for any.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Metadata and the values they must have; <c>*</c> for any.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
