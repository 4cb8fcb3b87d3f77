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

/// <summary><c>[pipelines.NAME.mesh]</c>: mesh points written where their pipeline is.</summary>
public sealed record PipelineMeshSection : ConfigNode
{
    /// <summary><c>[pipelines.P.mesh.ingress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, IngressSection> Ingress { get; init; } = new Dictionary<string, IngressSection>();

    /// <summary><c>[pipelines.P.mesh.egress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, EgressSection> Egress { get; init; } = new Dictionary<string, EgressSection>();
}
