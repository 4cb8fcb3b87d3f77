using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Routing;
using Harmony.Mesh.Tokens;
using Microsoft.Extensions.Logging;

namespace Harmony.Mesh.Members;

/// <summary>Finds out what meshes have to do with a pipeline. What cannot tell members from strangers is closed.</summary>
internal sealed class MeshPartBuilder(
    BuildEnvironment environment, IReadOnlyList<MeshPoint> points, IReadOnlyList<ActiveMesh> meshes, MeshProviders providers, ConfigProblems problems)
{
    private readonly ILogger _logger = environment.Loggers.CreateLogger(MeshLog.Target);

    /// <returns>Null where no mesh has to do with it.</returns>
    public MeshPart? Build(Definition<PipelineSection> pipeline)
    {
        var own = points.Where(p => p.IsEnabled && p.IsOf(pipeline)).ToList();
        if (own.Count == 0) return null;
        string? closed = null;
        var entrances = new List<MeshEntrance>();
        var guarding = new List<MeshVerifier>();
        foreach (var point in own.Where(p => p.Kind == "ingress"))
        {
            var members = MeshesOf(point);
            if (point.ForMembersOnly && !members.Exists(m => m.CanVerify)) closed ??= Close(point, members.Count > 0, pipeline.Name);
            if (members.Count == 0) WarnOfNoMesh(point);
            if (members.Count > 0 || point.ForMembersOnly) entrances.Add(Entrance((IngressSection)point.Section, point, members, pipeline.Name));
            if (point.ForMembersOnly) guarding.AddRange(members.Select(m => m.Verifier));
        }

        return new MeshPart
        {
            Closed = closed,
            RouteGuard = own.Exists(p => p is { Kind: "ingress", ForMembersOnly: true })
                ? new RouteGuard(new GuardSettings(pipeline.Name, pipeline.Name, null, true), [.. guarding.Distinct()], environment.Clock, _logger)
                : null,
            Entrances = entrances,
            Departures = Departures(own, pipeline),
        };
    }

    private MeshEntrance Entrance(IngressSection section, MeshPoint point, List<ActiveMesh> members, string pipeline)
    {
        var settings = new GuardSettings(point.Name, pipeline, section.Audience, point.ForMembersOnly);
        var guard = new MeshGuard(settings, [.. members.Select(m => m.Verifier)], environment.Clock, _logger);
        var urls = (section.Urls ?? []).Select(u => UrlPrefix.TryParse(u, out var url, out _) ? url : null).OfType<UrlPrefix>();
        return new MeshEntrance(point.Name, section.Endpoint is { } named
            ? MeshPoint.NameIn(named)
            : null, [.. urls], guard, point.ForMembersOnly, section.Location);
    }

    private Dictionary<string, IDeparture> Departures(List<MeshPoint> own, Definition<PipelineSection> pipeline)
    {
        var departures = new Dictionary<string, IDeparture>(StringComparer.Ordinal);
        foreach (var point in own.Where(p => p.Kind == "egress"))
        {
            var section = (EgressSection)point.Section;
            var members = MeshesOf(point);
            if (members.Count == 0) WarnOfNoMesh(point);
            if (members.Count == 0 && !point.ForMembersOnly) continue;
            if (BackendOf(section, point, pipeline) is not { } backend) continue;
            var departure = new MeshDeparture(point.Name, point.ForMembersOnly, members.SelectMany(m => Destinations(m, point.Name)), _logger);
            if (!departures.TryAdd(backend, departure))
            {
                problems.Error(section.Location, $"egress '{point.Name}' and another one of pipeline '{pipeline.Name}' both lead to backend '{backend}'; "
                    + "keep one, and let both meshes name it");
            }
        }

        return departures;
    }

    /// <summary>The URLs of a mesh's members, with the tokens by which requests of an egress enter there.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="egress">The egress; null where requests leave by none.</param>
    public IEnumerable<MeshDestination> Destinations(ActiveMesh mesh, string? egress)
    {
        var made = new Dictionary<string, ITokenSource>(StringComparer.Ordinal);
        foreach (var member in mesh.Destinations)
        {
            foreach (var url in member.Urls)
            {
                yield return new MeshDestination(url, mesh.Settings.Name, member.Owner, Tokens(mesh, egress, member.Audience ?? mesh.Settings.Audience, made));
            }
        }
    }

    private ITokenSource Tokens(ActiveMesh mesh, string? egress, string? audience, Dictionary<string, ITokenSource> made)
    {
        if (mesh.Section.Provider != ResourceReference.Local && mesh.Settings.Keys.Signing is null)
        {
            return providers.Find(mesh.Section.Provider) is { } provider
                ? new ProviderTokens(provider, mesh.Settings, environment.Clock)
                : TokensFor(mesh, egress, audience);
        }

        // Requests to all members with the same audience share a token.
        if (made.TryGetValue(audience ?? "", out var known)) return known;
        return made[audience ?? ""] = TokensFor(mesh, egress, audience);
    }

    /// <summary>Tokens that this gateway makes itself.</summary>
    public OwnTokens TokensFor(ActiveMesh mesh, string? egress, string? audience)
    {
        var proxy = environment.Config.Proxy;
        var subject = mesh.Section.Subject ?? proxy.Name ?? proxy.Id ?? "harmony-proxy";
        return new OwnTokens(new OwnTokenSettings(
            mesh.Settings, subject, egress, audience, TimeSpan.FromSeconds(mesh.Section.TokenLifetimeSecs), mesh.Section.ReplayProtection), environment.Clock);
    }

    private string? BackendOf(EgressSection section, MeshPoint point, Definition<PipelineSection> pipeline)
    {
        var backends = environment.Config.Backends;
        IReadOnlyList<string> listed = pipeline.Section.Backends ?? (pipeline.Section.BackendRef is { } one ? [one] : []);
        if (section.Backend is null) return listed.Count > 0 ? backends.Bare(listed[0]) : null;
        var named = backends.Bare(MeshPoint.NameIn(section.Backend));
        if (listed.Any(b => backends.Bare(b) == named)) return named;
        problems.Warning(section.LocationOf("backend"), $"egress '{point.Name}' has no effect: pipeline '{pipeline.Name}' does not send to backend '{named}'");
        return null;
    }

    private List<ActiveMesh> MeshesOf(MeshPoint point)
        => [.. meshes.Where(m => (point.Kind == "ingress" ? m.Section.Ingress : m.Section.Egress).Any(point.IsMeantBy))];

    private string Close(MeshPoint point, bool hasMesh, string pipeline)
    {
        var why = hasMesh ? "no key of its mesh verifies tokens" : "it belongs to no enabled mesh";
        problems.Warning(point.Section.Location, $"ingress '{point.Name}' has mode \"mesh\", and {why}; pipeline '{pipeline}' responds with 503");
        return $"ingress '{point.Name}' is for members of a mesh only, and {why}";
    }

    private void WarnOfNoMesh(MeshPoint point)
    {
        if (point.Kind == "ingress" && point.ForMembersOnly) return; // said already
        var effect = point.ForMembersOnly ? "no URL belongs to a member, so its requests get 403" : "it has no effect";
        problems.Warning(point.Section.Location, $"{point.Kind} '{point.Name}' belongs to no enabled mesh; {effect}");
    }
}
