using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>
/// Finds the pipelines that only members of a mesh may enter, or that send to other members. A program without a module for meshes cannot tell members
/// from strangers, so these pipelines are closed there.
/// </summary>
/// <param name="config">The configuration.</param>
/// <param name="meshes">What runs its meshes; null where nothing does.</param>
internal sealed class MeshMembers(ConfigSet config, IMeshes? meshes)
{
    private static readonly MeshPart None = new();

    private readonly Dictionary<string, string> _reasons = meshes is null ? Find(config) : [];

    /// <summary>Why a pipeline is closed, as what is not available here; null when nothing is missing.</summary>
    public string? ReasonFor(string pipeline) => _reasons.GetValueOrDefault(pipeline);

    /// <summary>What the meshes have to do with a pipeline.</summary>
    public MeshPart PartOf(Definition<PipelineSection> pipeline) => meshes?.PartOf(pipeline) ?? None;

    private static Dictionary<string, string> Find(ConfigSet config)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        var points = PointsOf(config).ToList();
        foreach (var point in points.Where(p => p.ForMembers)) Close(point, $"{point.Kind} '{point.Name}' with mode \"mesh\"");
        foreach (var mesh in config.Meshes.Where(m => m.Section.Enabled))
        {
            foreach (var point in points.Where(p => (p.Kind == "ingress" ? mesh.Section.Ingress : mesh.Section.Egress).Any(p.IsMeantBy)))
                Close(point, $"mesh '{mesh.Name}'");
        }

        return reasons;

        void Close(Point point, string reason)
        {
            foreach (var pipeline in config.Pipelines)
            {
                if (point.Pipeline is { } named && Means(named, pipeline.Name, pipeline.Section.Id)) reasons.TryAdd(pipeline.Name, reason);
            }
        }
    }

    /// <summary>The points that are in use, those of pipelines with the pipeline they stand in.</summary>
    private static IEnumerable<Point> PointsOf(ConfigSet config)
    {
        foreach (var ingress in config.Ingresses) yield return Of(ingress.Name, ingress.Section, null);
        foreach (var egress in config.Egresses) yield return OfEgress(egress.Name, egress.Section, null);
        foreach (var pipeline in config.Pipelines)
        {
            if (pipeline.Section.Mesh is not { } mesh) continue;
            foreach (var (name, ingress) in mesh.Ingress) yield return Of(name, ingress, pipeline.Name);
            foreach (var (name, egress) in mesh.Egress) yield return OfEgress(name, egress, pipeline.Name);
        }

        static Point Of(string name, IngressSection section, string? owner)
            => new("ingress", name, section.Id, section.Pipeline ?? owner, section is { Enabled: true, Mode: "mesh" }, section.Enabled);

        static Point OfEgress(string name, EgressSection section, string? owner)
            => new("egress", name, section.Id, section.Pipeline ?? owner, section is { Enabled: true, Mode: "mesh" }, section.Enabled);
    }

    /// <summary>Whether a reference means the thing of that name and identifier. One that cannot be read is reported elsewhere.</summary>
    private static bool Means(string reference, string name, string? id)
    {
        if (reference == name) return true;
        if (ResourceReference.Parse(reference, out _) is not { IsLocal: true } parsed) return false;
        return parsed.Value == (parsed.IsId ? id : name);
    }

    private sealed record Point(string Kind, string Name, string? Id, string? Pipeline, bool ForMembers, bool IsEnabled)
    {
        public bool IsMeantBy(string reference) => IsEnabled && Means(reference, Name, Id);
    }
}
