using System.Text.RegularExpressions;
using Harmony.Core.Configuration;
using Harmony.Core.Routing;

namespace Harmony.Core.Building;

/// <summary>Checks the tables of a mesh.</summary>
/// <param name="config">The configuration.</param>
/// <param name="problems">Takes what is wrong.</param>
/// <param name="isServed">Whether this program has a module for meshes.</param>
internal sealed partial class MeshChecks(ConfigSet config, ConfigProblems problems, bool isServed)
{
    private readonly HashSet<string> _ingress = new(StringComparer.Ordinal);
    private readonly HashSet<string> _egress = new(StringComparer.Ordinal);

    public void Check()
    {
        foreach (var point in config.Ingresses) Check(point.Name, point.Section, null, point.File);
        foreach (var point in config.Egresses) Check(point.Name, point.Section, null, point.File);
        foreach (var pipeline in config.Pipelines)
        {
            if (pipeline.Section.Mesh is not { } mesh) continue;
            foreach (var (name, point) in mesh.Ingress) Check(name, point, pipeline.Name, pipeline.File);
            foreach (var (name, point) in mesh.Egress) Check(name, point, pipeline.Name, pipeline.File);
        }

        foreach (var remote in config.RemoteIngresses)
        {
            CheckName(remote.Name, "remote ingress", remote.Section.Location, dots: false);
            CheckUrls(remote.Section, remote.Section.Urls);
            _ingress.Add(remote.Name);
        }

        foreach (var mesh in config.Meshes) Check(mesh);
    }

    private void Check(Definition<MeshSection> mesh)
    {
        var section = mesh.Section;
        CheckName(mesh.Name, "mesh", section.Location, dots: false);
        if (!isServed && section is { Enabled: true, IsFaulty: false })
        {
            problems.Warning(section.Location, $"mesh '{mesh.Name}' is not yet available; its ingress and egress points are not active");
        }

        if (section is { IsFaulty: false, Provider: "local", JwtSecret: null, JwtPrivateKeyPath: null, JwtPublicKeyPath: null })
        {
            problems.Warning(section.Location,
                $"mesh '{mesh.Name}' has neither 'jwt_secret' nor keys, so its members could not tell each other from strangers");
        }

        for (var i = 0; i < section.Ingress.Count; i++) CheckReference(section.Ingress[i], _ingress, section.LocationOf("ingress", i), "ingress");
        for (var i = 0; i < section.Egress.Count; i++) CheckReference(section.Egress[i], _egress, section.LocationOf("egress", i), "egress");
    }

    private void Check(string name, IngressSection point, string? owner, string file)
    {
        Add(_ingress, name, "ingress", point.Location, owner);
        CheckUrls(point, point.Urls);
        CheckPipeline(point.Pipeline ?? owner, name, "ingress", point, file);
        CheckLocal(point.Endpoint, config.Endpoints, "endpoint", $"ingress '{name}'", point, file);
    }

    private void Check(string name, EgressSection point, string? owner, string file)
    {
        Add(_egress, name, "egress", point.Location, owner);
        CheckPipeline(point.Pipeline ?? owner, name, "egress", point, file);
        CheckLocal(point.Backend, config.Backends, "backend", $"egress '{name}'", point, file);
    }

    /// <summary>Points of pipelines count as if they stood at the top; one that is there already keeps its name.</summary>
    private void Add(HashSet<string> points, string name, string kind, SourceLocation location, string? owner)
    {
        CheckName(name, kind, location, dots: true);
        if (!points.Add(name) && owner is not null)
        {
            problems.Warning(location, $"{kind} '{name}' of pipeline '{owner}' has no effect, because there is another one of that name");
        }
    }

    private void CheckPipeline(string? pipeline, string name, string kind, ConfigNode point, string file)
    {
        if (pipeline is null) problems.Warning(point.Location, $"{kind} '{name}' names no pipeline");
        else CheckLocal(pipeline, config.Pipelines, "pipeline", $"{kind} '{name}'", point, file);
    }

    private void CheckLocal<T>(string? name, Definitions<T> known, string key, string what, ConfigNode point, string file)
        where T : ConfigNode
    {
        if (name is null || known.Find(name, file) is not null) return;
        if (IsElsewhere(name, point.LocationOf(key), out var local) || known.Find(local, file) is not null) return;
        problems.Warning(point.LocationOf(key), $"{key} '{local}' of {what} is not defined{NearestName.Suggestion(local, known.Names)}");
    }

    private void CheckReference(string reference, HashSet<string> known, SourceLocation location, string kind)
    {
        if (known.Contains(reference) || IsElsewhere(reference, location, out var local) || known.Contains(local)) return;
        problems.Warning(location, $"{kind} '{local}' is not defined{NearestName.Suggestion(local, known)}");
    }

    /// <summary>Whether there is nothing to look up here: a provider has it, or the reference is wrong, which is reported.</summary>
    private bool IsElsewhere(string text, SourceLocation location, out string local)
    {
        local = text;
        if (ResourceReference.Parse(text, out var error) is not { } reference)
        {
            problems.Error(location, $"the reference '{ShownOptions.Text(text)}' {error}");
            return true;
        }

        local = reference.Value;
        if (reference.IsLocal) return reference.IsId;
        if (config.Providers.Names.Contains(reference.Provider) || (reference.Provider == "runbeam" && config.Main.Runbeam is { Enabled: true })) return true;
        var suggestion = NearestName.Suggestion(reference.Provider, config.Providers.Names.Append(ResourceReference.Local));
        problems.Error(location, $"provider '{ShownOptions.Text(reference.Provider)}' of the reference '{ShownOptions.Text(text)}' is not defined{suggestion}");
        return true;
    }

    private void CheckUrls(ConfigNode section, IReadOnlyList<string>? urls)
    {
        for (var i = 0; i < urls?.Count; i++)
        {
            if (UrlPrefix.TryParse(urls[i], out _, out var reason)) continue;
            problems.Error(section.LocationOf("urls", i), $"'{ShownOptions.Text(urls[i])}' {reason}");
        }
    }

    private void CheckName(string name, string kind, SourceLocation location, bool dots)
    {
        if ((dots ? PointName() : MemberName()).IsMatch(name)) return;
        var letters = dots ? "a-z, 0-9, _, - and ." : "a-z, 0-9, _ and -";
        problems.Warning(location, $"the name of {kind} '{name}' should consist of {letters}; others may not be able to refer to it");
    }

    [GeneratedRegex(@"^[a-z0-9_-]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex MemberName();

    [GeneratedRegex(@"^[a-z0-9._-]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex PointName();
}
