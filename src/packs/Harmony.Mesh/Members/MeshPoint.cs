using Harmony.Core.Configuration;

namespace Harmony.Mesh.Members;

/// <summary>An ingress or egress of this configuration, wherever it stands.</summary>
/// <param name="Kind"><c>ingress</c> or <c>egress</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id for providers, or null.</param>
/// <param name="Pipeline">The pipeline it belongs to, as written; null for none.</param>
/// <param name="ForMembersOnly">Whether it is for members only.</param>
/// <param name="IsEnabled">Whether the point is in use.</param>
/// <param name="Section">Its table.</param>
internal sealed record MeshPoint(string Kind, string Name, string? Id, string? Pipeline, bool ForMembersOnly, bool IsEnabled, ConfigNode Section)
{
    /// <summary>Whether another point has taken its name, so that no mesh can mean it.</summary>
    public bool IsShadowed { get; private init; }

    /// <summary>Every point of a configuration: first those of the top tables, then those of pipelines.</summary>
    public static IReadOnlyList<MeshPoint> AllOf(ConfigSet config)
    {
        var reported = new ConfigProblems(); // names that mean two things, which others complain about
        var all = new List<MeshPoint>();
        foreach (var ingress in config.Ingresses.Unique(reported)) all.Add(Of(ingress.Name, ingress.Section, null));
        foreach (var egress in config.Egresses.Unique(reported)) all.Add(Of(egress.Name, egress.Section, null));
        foreach (var pipeline in config.Pipelines.Unique(reported))
        {
            if (pipeline.Section.Mesh is not { } mesh) continue;
            foreach (var (name, ingress) in mesh.Ingress) all.Add(Of(name, ingress, pipeline.Name));
            foreach (var (name, egress) in mesh.Egress) all.Add(Of(name, egress, pipeline.Name));
        }

        var taken = new HashSet<(string Kind, string Name)>();
        return [.. all.Select(p => p with { IsShadowed = !taken.Add((p.Kind, p.Name)) })];
    }

    /// <summary>Whether it belongs to a pipeline.</summary>
    public bool IsOf(Definition<PipelineSection> pipeline) => Pipeline is not null && Means(Pipeline, pipeline.Name, pipeline.Section.Id);

    /// <summary>Whether a reference of a mesh means it.</summary>
    public bool IsMeantBy(string reference) => !IsShadowed && Means(reference, Name, Id);

    /// <summary>Whether a reference names the point with that name and id. An unreadable reference is reported elsewhere.</summary>
    public static bool Means(string reference, string name, string? id)
    {
        if (reference == name) return true;
        if (ResourceReference.Parse(reference, out _) is not { IsLocal: true } parsed) return false;
        return parsed.Value == (parsed.IsId ? id : name);
    }

    /// <summary>The name of a local thing that a reference means.</summary>
    public static string NameIn(string reference)
        => ResourceReference.Parse(reference, out _) is { IsLocal: true, IsId: false } parsed ? parsed.Value : reference;

    private static MeshPoint Of(string name, IngressSection section, string? owner)
        => new("ingress", name, section.Id, section.Pipeline ?? owner, section.Mode == "mesh", section.Enabled, section);

    private static MeshPoint Of(string name, EgressSection section, string? owner)
        => new("egress", name, section.Id, section.Pipeline ?? owner, section.Mode == "mesh", section.Enabled, section);
}
