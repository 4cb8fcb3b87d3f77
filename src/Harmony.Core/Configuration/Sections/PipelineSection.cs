using Harmony.Core.Configuration.Reference;
using Harmony.Core.Configuration.Toml;

namespace Harmony.Core.Configuration;

/// <summary><c>[pipelines.NAME]</c>: endpoints, middleware and backends put together.</summary>
public sealed record PipelineSection : ConfigNode
{
    /// <summary>Identifier for providers.</summary>
    public string? Id { get; init; }

    /// <summary>Purpose of the pipeline, for people.</summary>
    public string Description { get; init; } = "Unnamed pipeline";

    /// <summary>Names of the networks it is attached to.</summary>
    public IReadOnlyList<string>? Networks { get; init; }

    /// <summary>Names of its endpoints.</summary>
    public IReadOnlyList<string>? Endpoints { get; init; }

    /// <summary>Names of its backends; the first is used unless a route names another.</summary>
    public IReadOnlyList<string>? Backends { get; init; }

    /// <summary>
    /// <c>first</c> sends a request to one backend: the one that a route names, else the first in the list. <c>all</c> sends it to every backend at the same
    /// time; the client gets the response of the first backend in the list or, if backends fail, the first failure in the order of the list.
    /// </summary>
    [AllowedValues("first", "all")]
    public string BackendsMode { get; init; } = "first";

    /// <summary>
    /// A list, which requests pass in order and responses in reverse order; or a table <c>{ left = [], right = [] }</c>, where requests pass <c>left</c> and
    /// responses pass <c>right</c>, each in order.
    /// </summary>
    [WrittenAs(typeof(IReadOnlyList<string>), typeof(IReadOnlyDictionary<string, IReadOnlyList<string>>))]
    public TomlValue? Middleware { get; init; }

    /// <summary>Rules that choose among several backends; the first rule that matches decides.</summary>
    public IReadOnlyList<PipelineRouteSection> Routes { get; init; } = [];

    /// <summary>Short form: name of the only network.</summary>
    public string? Network { get; init; }

    /// <summary>Short form: path pattern of the pipeline's own <c>http</c> endpoint.</summary>
    public string? Path { get; init; }

    /// <summary>Short form: method of that endpoint; every method when absent.</summary>
    public string? Method { get; init; }

    /// <summary>Short form: name of the only backend.</summary>
    public string? BackendRef { get; init; }

    /// <summary>Ingress and egress points of meshes.</summary>
    public PipelineMeshSection? Mesh { get; init; }
}

/// <summary><c>[[pipelines.NAME.routes]]</c>: which requests go to another backend than the first. A request must meet all conditions of the route.</summary>
public sealed record PipelineRouteSection : ConfigNode
{
    /// <summary>Name of one of the pipeline's backends.</summary>
    [NotEmpty]
    public required string Backend { get; init; }

    /// <summary>Pattern of the path below the endpoint's prefix, e.g. <c>/v2/{*rest}</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Methods.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Headers and their values; <c>*</c> stands for any value.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Query parameters and their values; <c>*</c> stands for any value.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Metadata and their values; <c>*</c> stands for any value.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary><c>[pipelines.NAME.mesh]</c>: ingress and egress points, written in the table of their pipeline.</summary>
public sealed record PipelineMeshSection : ConfigNode
{
    /// <summary><c>[pipelines.P.mesh.ingress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, IngressSection> Ingress { get; init; } = new Dictionary<string, IngressSection>();

    /// <summary><c>[pipelines.P.mesh.egress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, EgressSection> Egress { get; init; } = new Dictionary<string, EgressSection>();
}
