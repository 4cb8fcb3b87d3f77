using Harmony.Core.Configuration.Toml;
using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Routing;

namespace Harmony.Core.Building;

/// <summary>The outcome of building one instance.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Module">The module's name.</param>
/// <param name="Instance">The instance; null when it is planned or switched off, or when the problems got an error.</param>
internal sealed record Built<T>(string Name, string Module, T? Instance)
    where T : class
{
    /// <summary>Set when the module is not there yet.</summary>
    public PlannedModule? Planned { get; init; }

    /// <summary>Why requests may not use it: <c>target 'pacs' is not enabled</c>, <c>cannot read 'key.pem': no such file</c>. Null when they may.</summary>
    public string? Closed { get; init; }

    /// <summary>Of an endpoint: what its callers shall authenticate by, as it or its peer says.</summary>
    public WantedAuthentication? Wanted { get; init; }
}

/// <summary>Builds each configured endpoint, middleware and backend once, however many pipelines name it.</summary>
internal sealed class Instances(ModuleRegistry registry, BuildEnvironment environment, References references, ConfigProblems problems)
{
    private readonly Dictionary<ConfigNode, Built<IEndpoint>> _endpoints = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ConfigNode, Built<IBackend>> _backends = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ConfigNode, Built<IMiddleware>> _middleware = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, List<TomlTable>> _tables = new(StringComparer.Ordinal);
    private readonly List<object> _all = [];

    /// <summary>Everything built so far.</summary>
    public IReadOnlyList<object> All => _all;

    public ModuleRegistry Registry => registry;

    /// <summary>Whether the table, or an equal one of that name in another file, has been built.</summary>
    public bool HasBuilt<T>(Definition<T> definition)
        where T : ConfigNode => _tables.TryGetValue(definition.Name, out var tables) && tables.Exists(t => TomlEquality.AreEqual(t, definition.Table));

    public Built<IEndpoint> Endpoint(Definition<EndpointSection> definition)
    {
        if (_endpoints.TryGetValue(definition.Section, out var built)) return built;
        Note(definition);
        return _endpoints[definition.Section] = Keep(BuildEndpoint(definition));
    }

    public Built<IBackend> Backend(Definition<BackendSection> definition)
    {
        if (_backends.TryGetValue(definition.Section, out var built)) return built;
        Note(definition);
        return _backends[definition.Section] = Keep(BuildBackend(definition));
    }

    public Built<IMiddleware> Middleware(Definition<MiddlewareSection> definition)
    {
        if (_middleware.TryGetValue(definition.Section, out var built)) return built;
        Note(definition);
        return _middleware[definition.Section] = Keep(BuildMiddleware(definition));
    }

    /// <summary>The endpoint of a pipeline in short form, whose options no file holds as such.</summary>
    public Built<IEndpoint> ShortFormEndpoint(string pipeline, OptionsTable options, string file)
    {
        const string service = "http";
        var context = new EndpointContext { Name = pipeline, Location = options.Table.Location, File = file, Problems = problems, Environment = environment };
        if (registry.Service(service)?.Endpoint is { } module)
        {
            return Keep(new Built<IEndpoint>(pipeline, service, module.Create(options, $"pipeline '{pipeline}'", context)));
        }

        problems.Error(options.Table.Location, $"pipeline '{pipeline}' gives a 'path', which needs the service 'http'; this program does not have it");
        return new Built<IEndpoint>(pipeline, service, null);
    }

    private Built<IEndpoint> BuildEndpoint(Definition<EndpointSection> definition)
    {
        var section = definition.Section;
        if (section.IsFaulty) return new Built<IEndpoint>(definition.Name, "", null);
        var sound = references.TryPeer(definition, out var peer);
        sound &= references.TryAuthentication(section.Authentication, definition.File, section.LocationOf("authentication"), out _);
        if (registry.Service(section.Service) is not { } module)
        {
            var unknown = Unknown<IEndpoint>(definition.Name, section.Service, section.LocationOf("service"));
            return unknown.Planned is { HasOwnListener: false } ? unknown with { Instance = ClosedEndpoint(definition) } : unknown;
        }

        if (module.Endpoint is null)
        {
            problems.Error(section.LocationOf("service"), $"service '{section.Service}' cannot be an endpoint, only a backend");
            return new Built<IEndpoint>(definition.Name, module.Name, null);
        }

        if (!sound) return new Built<IEndpoint>(definition.Name, module.Name, null);
        var context = new EndpointContext
        {
            Name = definition.Name, Location = section.Location, File = definition.File, Problems = problems, Environment = environment,
            Connection = References.Merge(section.Connection, peer?.Section),
        };
        var options = section.Options ?? OptionsTable.Empty(section.Location);
        CheckMisplaced(section, module.Endpoint.OptionsType, $"[endpoints.{definition.Name}]");
        var built = module.Endpoint.Create(options, $"[endpoints.{definition.Name}.options]", context);
        return new Built<IEndpoint>(definition.Name, module.Name, built)
        {
            Closed = ClosedBy(peer, definition), Wanted = WantedAuthentication.Of(section, peer?.Section)
        };
    }

    private string? ClosedBy(Definition<RemoteSystemSection>? peer, Definition<EndpointSection> endpoint)
    {
        if (peer is null or { Section.Enabled: true }) return null;
        problems.Warning(endpoint.Section.LocationOf("peer_ref"),
            $"peer '{peer.Name}' is not enabled, so requests to endpoint '{endpoint.Name}' get 503");
        return $"peer '{peer.Name}' is not enabled";
    }

    /// <summary>
    /// All services that are still to come claim what is below their <c>path_prefix</c>, their own name where there is none; what else their options say
    /// that is not known yet.
    /// </summary>
    private ClosedEndpoint? ClosedEndpoint(Definition<EndpointSection> definition)
    {
        const string key = "path_prefix";
        var given = definition.Section.Options?.Table.TryGet(key, out var entry) == true ? entry.Value as TomlString : null;
        var prefix = given is null ? "/" + definition.Section.Service : given.Value.Length == 0 ? "/" : given.Value;
        if (RoutePattern.TryParsePrefix(prefix, out var pattern, out var error))
            return new ClosedEndpoint(new EndpointRoute(pattern, IsPrefix: true, Method: null));
        problems.Error(given?.Location ?? definition.Section.Location, $"'{key}' of endpoint '{definition.Name}' is not a path: {error}");
        return null;
    }

    private Built<IBackend> BuildBackend(Definition<BackendSection> definition)
    {
        var section = definition.Section;
        if (section.IsFaulty) return new Built<IBackend>(definition.Name, "", null);
        var targets = references.Targets(definition);
        if (registry.Service(section.Service) is not { } module) return Unknown<IBackend>(definition.Name, section.Service, section.LocationOf("service"));
        if (module.Backend is null)
        {
            problems.Error(section.LocationOf("service"), $"service '{section.Service}' cannot be a backend, only an endpoint");
            return new Built<IBackend>(definition.Name, module.Name, null);
        }

        var options = section.Options ?? OptionsTable.Empty(section.Location);
        CheckMisplaced(section, module.Backend.OptionsType, $"[backends.{definition.Name}]");
        var what = $"[backends.{definition.Name}.options]";
        if (targets is null or [])
        {
            module.Backend.Check(options, what, problems);
            var closed = targets is null ? null : $"no target of backend '{definition.Name}' is there and enabled";
            return new Built<IBackend>(definition.Name, module.Name, null) { Closed = closed };
        }

        var context = new BackendContext
        {
            Name = definition.Name, Location = section.Location, File = definition.File, Problems = problems, Environment = environment, Targets = targets,
        };
        return new Built<IBackend>(definition.Name, module.Name, module.Backend.Create(options, what, context));
    }

    private Built<IMiddleware> BuildMiddleware(Definition<MiddlewareSection> definition)
    {
        var section = definition.Section;
        if (section.IsFaulty) return new Built<IMiddleware>(definition.Name, "", null);
        var sound = references.TryAuthentication(section.Authentication, definition.File, section.LocationOf("authentication"), out var authentication);
        if (registry.MiddlewareType(section.Type) is not { } module) return Unknown<IMiddleware>(definition.Name, section.Type, section.LocationOf("type"));
        if (!sound) return new Built<IMiddleware>(definition.Name, module.Name, null);
        var context = new MiddlewareContext
        {
            Name = definition.Name, Location = section.Location, File = definition.File, Problems = problems, Environment = environment,
            Authentication = authentication,
        };
        var options = new MiddlewareOptions(problems).Of(definition, module.Factory.OptionsType);
        var built = module.Factory.Create(options, $"middleware '{definition.Name}'", context);
        return new Built<IMiddleware>(definition.Name, module.Name, built) { Closed = context.Closed };
    }

    /// <summary>An option that stands beside the table of options has no effect, and may be the one that keeps people out.</summary>
    private void CheckMisplaced(ConfigNode section, Type options, string what)
    {
        var known = BoundKey.Of(options).Where(k => !k.TakesRemaining).SelectMany(k => k.OtherNames.Prepend(k.Name)).ToList();
        foreach (var entry in section.UnknownKeys)
        {
            if (NearestName.Find(entry.Key, known) is not { } option) continue;
            problems.Error(entry.KeyLocation, $"'{entry.Key}' has no effect in {what}; the option '{option}' belongs under {what[..^1]}.options]");
        }
    }

    private Built<T> Unknown<T>(string name, string module, SourceLocation location)
        where T : class
    {
        var isMiddleware = typeof(T) == typeof(IMiddleware);
        var (kind, noun, known) = isMiddleware ? ("middleware", "middleware type", registry.MiddlewareNames) : ("service", "service", registry.ServiceNames);
        if (registry.PlannedFor(kind, module) is { } planned)
        {
            problems.Warning(location, $"{noun} '{module}' is not yet available; pipelines that use '{name}' respond with 503");
            return new Built<T>(name, module, null) { Planned = planned };
        }

        var registrations = isMiddleware ? environment.Config.MiddlewareTypes : environment.Config.Services;
        // Of a plug-in that cannot be used, or does not bring it, has been said so where it is registered.
        if (registrations.Any(r => r.Name == module && r.Section.Module.Length > 0)) return new Built<T>(name, module, null);
        problems.Error(location, $"unknown {noun} '{module}'{NearestName.Suggestion(module, known)}");
        return new Built<T>(name, module, null);
    }

    private void Note<T>(Definition<T> definition)
        where T : ConfigNode
    {
        if (!_tables.TryGetValue(definition.Name, out var tables)) _tables[definition.Name] = tables = [];
        tables.Add(definition.Table);
    }

    private Built<T> Keep<T>(Built<T> built)
        where T : class
    {
        if (built.Instance is not null) _all.Add(built.Instance);
        return built;
    }
}
