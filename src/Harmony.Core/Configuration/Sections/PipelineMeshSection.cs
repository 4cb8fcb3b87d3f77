namespace Harmony.Core.Configuration;

/// <summary><c>[pipelines.NAME.mesh]</c>: mesh points written where their pipeline is.</summary>
public sealed record PipelineMeshSection : ConfigNode
{
    /// <summary><c>[pipelines.P.mesh.ingress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, IngressSection> Ingress { get; init; } = new Dictionary<string, IngressSection>();

    /// <summary><c>[pipelines.P.mesh.egress.NAME]</c>.</summary>
    public IReadOnlyDictionary<string, EgressSection> Egress { get; init; } = new Dictionary<string, EgressSection>();
}
