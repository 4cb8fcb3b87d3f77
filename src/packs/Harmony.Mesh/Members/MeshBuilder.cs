using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Mesh.Providers;
using Harmony.Mesh.Tokens;

namespace Harmony.Mesh.Members;

/// <summary>Builds the meshes of a configuration, and with them what they have to do with each pipeline.</summary>
/// <param name="remote">Finds providers that are asked over the network; null where there are none.</param>
internal sealed class MeshModule(IMeshProviderSource? remote) : IMeshModule
{
    public async ValueTask<IMeshes> BuildAsync(BuildEnvironment environment, ConfigProblems problems, CancellationToken ct)
        => await new MeshBuilder(environment, new MeshProviders(environment, remote, problems), problems).BuildAsync(ct);
}

/// <summary>Builds the meshes of a configuration.</summary>
internal sealed class MeshBuilder(BuildEnvironment environment, MeshProviders providers, ConfigProblems problems)
{
    private readonly ConfigSet _config = environment.Config;
    private readonly List<ActiveMesh> _meshes = [];
    private readonly List<MeshModel> _models = [];
    private readonly UnresolvedReferences _unresolved = new();

    public async ValueTask<MeshSet> BuildAsync(CancellationToken ct)
    {
        var points = MeshPoint.AllOf(_config);
        var references = new MeshReferences(_config, points, providers, _unresolved, problems);
        foreach (var mesh in _config.Meshes.Unique(problems))
        {
            if (mesh.Section is { Enabled: true, IsFaulty: false }) await AddAsync(mesh, references, ct);
        }

        var parts = new Dictionary<string, MeshPart>(StringComparer.Ordinal);
        var builder = new MeshPartBuilder(environment, points, _meshes, providers, problems);
        foreach (var pipeline in _config.Pipelines)
        {
            if (builder.Build(pipeline) is { } part) parts.TryAdd(pipeline.Name, part);
        }

        return new MeshSet(_meshes, parts, _models, [.. _meshes.Select(m => Document(m, points)).OfType<MeshDocument>()], providers, _unresolved, builder);
    }

    /// <summary>The settings of a mesh, as its table or a middleware gives them.</summary>
    public static MeshSettings Settings(string name, MeshSection section, BuildEnvironment environment, MeshProviders providers, ConfigProblems problems)
    {
        var isLocal = section.Provider == ResourceReference.Local;
        var provider = isLocal ? null : providers.Find(section.Provider);
        var keys = new MeshKeysReader(name, section, environment, problems).Read(provider?.KeySetUrl);
        var issuer = section.Issuer ?? (isLocal ? name : null);
        var leeway = TimeSpan.FromSeconds(section.LeewaySecs);
        return new MeshSettings(name, section.Id ?? name, issuer, section.Provider, section.Type, section.Audience, leeway, keys);
    }

    /// <summary>The verifier of a mesh's tokens.</summary>
    public static MeshVerifier Verifier(MeshSettings settings, MeshSection section, BuildEnvironment environment)
    {
        var size = section.ReplayCacheSize;
        var replay = section.ReplayProtection
            ? environment.Carried.Get("used tokens of a mesh", (settings.Name, size), () => new ReplayCache(size, environment.Clock))
            : null;
        return new MeshVerifier(settings, replay, environment.Clock);
    }

    private async ValueTask AddAsync(Definition<MeshSection> mesh, MeshReferences references, CancellationToken ct)
    {
        var (name, section) = (mesh.Name, mesh.Section);
        var settings = Settings(name, section, environment, providers, problems);
        var resolved = new List<ResolvedReference>();
        var urls = await references.ResolveAsync(mesh, "ingress", resolved, ct);
        await references.ResolveAsync(mesh, "egress", resolved, ct);
        _meshes.Add(new ActiveMesh(section, settings, Verifier(settings, section, environment), urls));
        _models.Add(new MeshModel(name, section.Provider, [.. Words(settings, section)], resolved));
    }

    private static IEnumerable<string> Words(MeshSettings mesh, MeshSection section)
    {
        var issuer = mesh.Issuer is null ? "" : $", issuer {mesh.Issuer}";
        var audience = mesh.Audience is null ? "" : $", audience {mesh.Audience}";
        var once = section.ReplayProtection ? " and one request" : "";
        yield return $"tokens: mesh_id {mesh.Id}{issuer}{audience}, good for {section.TokenLifetimeSecs} s{once}";
        if (section.Provider != ResourceReference.Local) yield return $"made by provider {section.Provider}";
        else if (mesh.Keys.Signing is { } key) yield return $"signed with {key.Algorithm.Name}{(key.Kid is null ? "" : $", kid {key.Kid}")}";
        else yield return "signed with nothing: no key of this gateway signs";
        foreach (var trusted in mesh.Keys.Trusted)
        {
            yield return $"verified with {trusted.Words}{(trusted.Subject is null ? "" : $", only of {trusted.Subject}")}";
        }

        if (mesh.Keys.Trusted.Count == 0) yield return "verified with nothing: nobody can enter";
    }

    private MeshDocument? Document(ActiveMesh mesh, IReadOnlyList<MeshPoint> points)
    {
        var section = mesh.Section;
        var path = section.PublishJwks switch
        {
            null or TomlBoolean { Value: false } => null,
            TomlBoolean => $"/.well-known/mesh/{mesh.Settings.Name}/jwks.json",
            TomlString text => text.Value,
            _ => "",
        };
        if (path is null) return null;
        var (name, keys, location) = (mesh.Settings.Name, mesh.Settings.Keys.Published, section.LocationOf("publish_jwks"));
        if (path.Length > 0 && keys.Count > 0)
            return new MeshDocument($"keys of mesh '{name}'", path, Networks(section, points), new KeyDocumentBackend(keys), location);
        problems.Error(location, path.Length == 0
            ? "'publish_jwks' is true, false or a path such as \"/.well-known/jwks.json\""
            : $"mesh '{name}' has no public key to publish; give it 'jwt_private_key_path' or 'published_key_paths'");
        return null;
    }

    /// <summary>Where members enter, they may ask for keys as well; a gateway that only sends has nothing but the networks of its egress.</summary>
    private HashSet<string> Networks(MeshSection mesh, IReadOnlyList<MeshPoint> points)
    {
        var served = points.Where(p => p.Kind == "ingress" && p.IsEnabled && mesh.Ingress.Any(p.IsMeantBy)).ToList();
        if (served.Count == 0) served = [.. points.Where(p => p.Kind == "egress" && p.IsEnabled && mesh.Egress.Any(p.IsMeantBy))];
        return _config.Pipelines.Where(pipeline => served.Exists(p => p.IsOf(pipeline)))
            .SelectMany(p => p.Section.Networks ?? (p.Section.Network is { } one ? [one] : []))
            .ToHashSet(StringComparer.Ordinal);
    }
}
