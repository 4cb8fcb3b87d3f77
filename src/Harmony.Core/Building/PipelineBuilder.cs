using Harmony.Core.Configuration;
using Harmony.Core.Configuration.Toml;
using Harmony.Core.Diagnostics;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Routing;
using Harmony.Core.Runtime;

namespace Harmony.Core.Building;

/// <summary>Puts one pipeline together and attaches it to its networks.</summary>
internal sealed class PipelineBuilder(
    BuildEnvironment environment, Instances instances, IReadOnlyDictionary<string, NetworkDraft> networks, MeshMembers mesh, ConfigProblems problems)
{
    private readonly MissingParts _missing = new();

    public PipelineModel? Build(Definition<PipelineSection> definition)
    {
        var section = definition.Section;
        CheckShortForm(definition);
        var membership = mesh.PartOf(definition);
        NoteMesh(definition, membership);
        var parts = new PipelineParts { Name = definition.Name, Limits = environment.Limits, SendsToAll = section.BackendsMode == "all" };
        var attached = NetworksOf(definition);
        var endpoints = BuildEndpoints(definition);
        var chains = new MiddlewareChains(environment, instances, problems).Build(definition, parts, _missing);
        new AuthenticationChecks(problems).CheckWanted(definition.Name, endpoints, parts);
        var backends = BuildBackends(definition, parts, membership);
        var routes = new BackendRoutes(problems).Build(definition, backends, parts);
        if (problems.HasErrors && (endpoints.Count == 0 || attached.Count == 0)) return null;

        if (WhyInactive(endpoints, backends) is { } reason) parts.Inactive = new Refusal(RefusalKind.Unavailable, reason);
        var pipeline = new Pipeline.Pipeline(parts);
        var open = membership.RouteGuard is { } guard ? new Pipeline.Pipeline(parts.Behind("mesh", guard)) : pipeline;
        foreach (var network in attached) Attach(network, open, parts, endpoints, section);
        foreach (var entrance in membership.Entrances) Attach(attached, entrance, parts, endpoints);
        return new PipelineModel(
            definition.Name,
            section.Description,
            [.. attached.Select(n => n.Name)],
            [.. endpoints.Select(Describe)],
            chains.Left,
            chains.Right,
            [.. backends.Select((b, i) => Describe(b, routes[i], isDefault: i == 0 && !parts.SendsToAll))],
            pipeline.InactiveReason);
    }

    /// <summary>Running without a part that is missing could let through what that part would have stopped, so the whole pipeline responds with 503.</summary>
    private string? WhyInactive(List<Built<IEndpoint>> endpoints, List<Built<IBackend>> backends)
    {
        if (_missing.Reason is { } reason) return reason;
        if (endpoints.Count > 0 && endpoints.TrueForAll(e => e.Closed is not null)) return endpoints[0].Closed;
        return backends.Count > 0 && backends.TrueForAll(b => b.Closed is not null) ? backends[0].Closed : null;
    }

    private static EndpointModel Describe(Built<IEndpoint> endpoint) => new(
        endpoint.Name,
        endpoint.Module,
        [.. (endpoint.Instance?.Routes ?? []).Select(r => $"{r.Method ?? "*"} {r.Pattern.Text}{(r.IsPrefix ? " and below" : "")}")])
    {
        Protocol = endpoint.Instance?.Protocol,
        Claims = endpoint.Instance?.Routes ?? [],
        Words = endpoint.Instance?.Words ?? [],
    };

    private static BackendModel Describe(Built<IBackend> backend, IReadOnlyList<string> when, bool isDefault)
        => new(backend.Name, backend.Module, backend.Instance?.Targets ?? [], when)
        {
            IsDefault = isDefault,
            LiveTargets = backend.Instance?.LiveTargets ?? [],
            Facts = backend.Instance?.Facts ?? BackendFacts.None,
        };

    private void Attach(NetworkDraft network, Pipeline.Pipeline pipeline, PipelineParts parts, List<Built<IEndpoint>> endpoints, PipelineSection section)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Planned is { } planned) network.AttachPlanned(planned);
            if (endpoint.Instance is not { } instance) continue;
            var entered = (endpoint.Closed ?? network.Closed) is { } reason && pipeline.InactiveReason is null ? Closed(parts, reason) : pipeline;
            var metrics = new RouteMetrics(network.Name, pipeline.Name, endpoint.Name, entered.BackendNames);
            network.Attach(new RouteTarget(entered, endpoint.Name, instance) { Metrics = metrics }, section.Location, problems);
        }
    }

    /// <summary>The URLs by which members enter one of the endpoints, behind the guard of that entrance.</summary>
    private void Attach(List<NetworkDraft> attached, MeshEntrance entrance, PipelineParts parts, List<Built<IEndpoint>> endpoints)
    {
        var bare = entrance.Endpoint is { } named ? environment.Config.Endpoints.Bare(named) : null;
        if (endpoints.Find(e => bare is null || e.Name == bare) is not { Instance: { } instance } endpoint)
        {
            if (bare is not null && endpoints.TrueForAll(e => e.Name != bare))
            {
                problems.Warning(entrance.Location,
                    $"ingress '{entrance.Name}' leads to endpoint '{bare}', which pipeline '{parts.Name}' does not have; nobody can enter by it");
            }

            return;
        }

        if (instance.Protocol != "http")
        {
            problems.Warning(
                entrance.Location, $"ingress '{entrance.Name}' leads to endpoint '{endpoint.Name}', which is not reached by URLs; nobody can enter by it");
            return;
        }

        var guarded = new Pipeline.Pipeline(parts.Behind("mesh", entrance.Guard));
        foreach (var network in attached)
        {
            var entered = (endpoint.Closed ?? network.Closed) is { } reason && guarded.InactiveReason is null ? Closed(parts, reason) : guarded;
            var metrics = new RouteMetrics(network.Name, parts.Name, endpoint.Name, entered.BackendNames);
            var target = new RouteTarget(entered, endpoint.Name, instance) { Metrics = metrics };
            foreach (var url in entrance.Urls) network.Attach(new UrlEntrance(url, target, entrance.ForMembersOnly), entrance, problems);
        }
    }

    private void NoteMesh(Definition<PipelineSection> definition, MeshPart membership)
    {
        _missing.NoteClosed(membership.Closed);
        if (mesh.ReasonFor(definition.Name) is not { } reason) return;
        _missing.NotePlanned(reason);
        problems.Warning(definition.Section.Location, $"{reason} is not yet available; pipeline '{definition.Name}', which belongs to it, responds with 503");
    }

    /// <summary>
    /// The same pipeline, closed: for the endpoint of a peer that is not enabled beside one that serves, and for a network that lacks its guard.
    /// </summary>
    private static Pipeline.Pipeline Closed(PipelineParts parts, string reason)
        => new(new PipelineParts { Name = parts.Name, Limits = parts.Limits, Inactive = new Refusal(RefusalKind.Unavailable, reason) });

    private void CheckShortForm(Definition<PipelineSection> definition)
    {
        var section = definition.Section;
        CheckTwice("network", "networks");
        CheckTwice("backend_ref", "backends");
        if (section.Gives("method") && !section.Gives("path"))
        {
            problems.Warning(section.LocationOf("method"), $"'method' of pipeline '{definition.Name}' has no effect without 'path'");
        }

        void CheckTwice(string one, string several)
        {
            if (section.Gives(one) && section.Gives(several))
            {
                problems.Error(section.LocationOf(one), $"pipeline '{definition.Name}' gives both '{one}' and '{several}'; keep one");
            }
        }
    }

    private List<NetworkDraft> NetworksOf(Definition<PipelineSection> definition)
    {
        var section = definition.Section;
        var result = new List<NetworkDraft>();
        foreach (var (name, location) in Names(definition, section.Networks, "networks", section.Network, "network"))
        {
            if (networks.TryGetValue(environment.Config.Networks.Bare(name), out var network)) result.Add(network);
            else problems.Error(location, $"network '{name}' is not defined{environment.Config.Networks.Advice(name)}");
        }

        if (NamesNothing(section, "networks", section.Networks, "network"))
        {
            problems.Error(section.LocationOf("networks"), $"pipeline '{definition.Name}' names no network; give it networks = [\"…\"]");
        }

        return result;
    }

    private List<Built<IEndpoint>> BuildEndpoints(Definition<PipelineSection> definition)
    {
        var section = definition.Section;
        var result = new List<Built<IEndpoint>>();
        foreach (var (name, location) in Names(definition, section.Endpoints, "endpoints", null, ""))
        {
            if (environment.Config.Endpoints.Resolve(name, definition.File, location, problems) is { } endpoint) result.Add(Note(instances.Endpoint(endpoint)));
        }

        if (section.Path is not null) result.Add(instances.ShortFormEndpoint(definition.Name, ShortFormOptions(definition), definition.File));
        if (NamesNothing(section, "endpoints", section.Endpoints, "path"))
        {
            problems.Error(section.LocationOf("endpoints"), $"pipeline '{definition.Name}' names no endpoint; give it endpoints = [\"…\"] or a path");
        }

        return result;
    }

    /// <summary>Whether neither the list nor the short form is given; what is given and wrong, or misspelt, has been reported as such.</summary>
    private static bool NamesNothing(PipelineSection section, string listKey, IReadOnlyList<string>? list, string oneKey)
        => !section.IsFaulty && !section.Gives(oneKey) && !section.Gives($"{listKey}[0]") && (list is not null || !section.Gives(listKey));

    private static OptionsTable ShortFormOptions(Definition<PipelineSection> definition)
    {
        var entries = definition.Table.Where(e => e.Key is "path" or "method").ToList();
        return new OptionsTable(new TomlTable([.. entries], definition.Section.Location));
    }

    private List<Built<IBackend>> BuildBackends(Definition<PipelineSection> definition, PipelineParts parts, MeshPart membership)
    {
        var section = definition.Section;
        var result = new List<Built<IBackend>>();
        foreach (var (name, location) in Names(definition, section.Backends, "backends", section.BackendRef, "backend_ref"))
        {
            if (environment.Config.Backends.Resolve(name, definition.File, location, problems) is not { } backend) continue;
            var built = Note(instances.Backend(backend));
            result.Add(built);
            // Every backend has its place, so that the routes that count them stay right.
            var instance = built.Instance ?? new ClosedBackend(built.Name, built.Closed ?? "not available");
            if (membership.Departures.TryGetValue(built.Name, out var departure)) instance = Departing(built.Name, instance, departure, location);
            parts.Backends.Add(new NamedBackend(built.Name, instance));
        }

        return result;
    }

    /// <summary>A backend that does not send by HTTP has no URL by which a member could be known.</summary>
    private IBackend Departing(string name, IBackend backend, IDeparture departure, SourceLocation location)
    {
        if (backend.AsksDeparture || backend is ClosedBackend) return new DepartingBackend(backend, departure);
        if (!departure.ForMembersOnly)
        {
            problems.Warning(location, $"an egress leads to backend '{name}', which does not send by HTTP; its requests carry no token");
            return backend;
        }

        var reason = $"an egress with mode \"mesh\" leads to backend '{name}', which does not send by HTTP";
        problems.Warning(location, $"{reason}; the pipeline responds with 503");
        _missing.NoteClosed(reason);
        return backend;
    }

    /// <summary>The names of a list, or the one of the short form, each once, with its place.</summary>
    private List<(string Name, SourceLocation Location)> Names(
        Definition<PipelineSection> definition, IReadOnlyList<string>? list, string listKey, string? one, string oneKey)
    {
        var section = definition.Section;
        if (list is null) return one is null ? [] : [(one, section.LocationOf(oneKey))];
        var result = new List<(string Name, SourceLocation Location)>();
        for (var i = 0; i < list.Count; i++)
        {
            var location = section.LocationOf(listKey, i);
            if (result.Exists(r => r.Name == list[i])) problems.Warning(location, $"pipeline '{definition.Name}' names '{list[i]}' twice in '{listKey}'");
            else result.Add((list[i], location));
        }

        return result;
    }

    private Built<T> Note<T>(Built<T> built)
        where T : class
    {
        _missing.NotePlanned(built);
        return built;
    }
}
