using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary><c>[pipelines.NAME]</c>: endpoints, middleware and backends put together.</summary>
public sealed record PipelineSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>What it is for.</summary>
    public string Description { get; init; } = "Unnamed pipeline";

    /// <summary>Names of the networks it is attached to.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <summary>Names of its endpoints.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }

    /// <summary>Names of its backends; the first is used unless a route names another.</summary>
    public IReadOnlyList<string>? Backends { get; init; }

    /// <summary>
    /// Whether a request goes to one backend (<c>first</c>: the first that a route names, else the first listed) or to every one at the same
    /// time (<c>all</c>): then what is answered is the first failure in their order, or the answer of the first listed where none failed.
    /// </summary>
    [AllowedValues("first", "all")]
    public string BackendsMode { get; init; } = "first";

    /// <summary>A list (left in order, right in reverse), or a table <c>{ left = [], right = [] }</c> with each list as written.</summary>
    [WrittenAs(typeof(IReadOnlyList<string>), typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>))]
    public TomlValue? Middleware { get; init; }

    /// <summary>Rules that choose among several backends; the first that matches wins.</summary>
    public IReadOnlyList<PipelineRouteSection> Routes { get; init; } = [];

    /// <summary>Short form: the one network.</summary>
    public string? Network { get; init; }

    /// <summary>Short form: the pattern of an <c>http</c> endpoint of its own.</summary>
    public string? Path { get; init; }

    /// <summary>Short form: the method of that endpoint; every one when absent.</summary>
    public string? Method { get; init; }

    /// <summary>Short form: the one backend.</summary>
    public string? BackendRef { get; init; }

    /// <summary>Where a mesh may enter and leave.</summary>
    public PipelineMeshSection? Mesh { get; init; }
}
