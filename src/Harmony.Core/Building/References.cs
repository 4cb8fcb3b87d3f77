using Harmony.Core.Configuration;
using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>
/// Follows <c>peer_ref</c>, <c>target_ref</c>, <c>targets</c> and <c>authentication</c>. What cannot be followed goes to the problems; its
/// user is not built then, because all it could add is a complaint about what is missing. A target that is not defined only closes what needs it.
/// </summary>
internal sealed class References(ConfigSet config, ConfigProblems problems)
{
    /// <summary>Finds the authentication of that name; <c>none</c> and an absent name mean null.</summary>
    /// <returns>Whether the name means something sound, or nothing was named.</returns>
    public bool TryAuthentication(string? name, string file, SourceLocation location, out AuthenticationSection? section)
    {
        section = null;
        if (string.IsNullOrEmpty(name) || (config.Authentications.Bare(name) == "none" && !config.Authentications.Names.Contains("none"))) return true;
        if (config.Authentications.Resolve(name, file, location, problems) is not { Section.IsFaulty: false } found) return false;
        if (found.Section.Method != "none") section = found.Section;
        return true;
    }

    /// <summary>Finds the endpoint's peer.</summary>
    /// <returns>False when it names one that is not there.</returns>
    public bool TryPeer(Definition<EndpointSection> endpoint, out Definition<RemoteSystemSection>? peer)
    {
        var section = endpoint.Section;
        peer = section.PeerRef is null ? null : config.Peers.Resolve(section.PeerRef, endpoint.File, section.LocationOf("peer_ref"), problems);
        return section.PeerRef is null || peer is { Section.IsFaulty: false };
    }

    /// <summary>
    /// The targets of a backend that are there and enabled, its own settings over theirs; null when one of them is faulty, or an authentication is
    /// not there.
    /// </summary>
    public IReadOnlyList<TargetSettings>? Targets(Definition<BackendSection> backend)
    {
        var section = backend.Section;
        if (section.TargetRef is not null && section.Targets.Count > 0)
        {
            problems.Error(section.LocationOf("targets"), $"backend '{backend.Name}' gives both 'target_ref' and 'targets'; keep one");
            return null;
        }

        if (section.Targets.Distinct(StringComparer.Ordinal).Count() < section.Targets.Count)
        {
            problems.Error(section.LocationOf("targets"), $"'targets' of backend '{backend.Name}' names a target twice; give the target a 'weight' instead");
            return null;
        }

        if (!TryAuthentication(section.Authentication, backend.File, section.LocationOf("authentication"), out var own)) return null;
        var names = section.TargetRef is null ? section.Targets : [section.TargetRef];
        if (names.Count == 0) return [Settings(backend, null, own)];
        var named = Named(backend, names);
        if (named is null) return null;
        WarnOfDisabled(backend, named);
        var result = new List<TargetSettings>();
        foreach (var target in named.Where(t => t.Section.Enabled))
        {
            var authentication = own;
            if (string.IsNullOrEmpty(section.Authentication)
                && !TryAuthentication(target.Section.Authentication, target.File, target.Section.LocationOf("authentication"), out authentication)) return null;
            result.Add(Settings(backend, target, authentication));
        }

        return result;
    }

    /// <summary>Own connection settings over those of the system.</summary>
    public static ConnectionSection? Merge(ConnectionSection? own, RemoteSystemSection? system)
    {
        var theirs = system?.Connection;
        if (system?.Protocol is { } protocol && theirs?.Protocol is null && (own ?? theirs) is not null)
        {
            theirs = (theirs ?? new ConnectionSection { Location = system.Location }) with { Protocol = protocol };
        }

        return own is null ? theirs : own.Or(theirs);
    }

    /// <summary>The targets of those names that are defined; null when one is faulty.</summary>
    private List<Definition<RemoteSystemSection>>? Named(Definition<BackendSection> backend, IReadOnlyList<string> names)
    {
        var section = backend.Section;
        var result = new List<Definition<RemoteSystemSection>>();
        var (sound, missing) = (true, new List<(string Name, SourceLocation Location)>());
        for (var i = 0; i < names.Count; i++)
        {
            var location = section.TargetRef is null ? section.LocationOf("targets", i) : section.LocationOf("target_ref");
            if (config.Targets.Find(names[i], backend.File) is null) missing.Add((names[i], location));
            else if (config.Targets.Resolve(names[i], backend.File, location, problems) is { Section.IsFaulty: false } target) result.Add(target);
            else sound = false;
        }

        var effect = missing.Count < names.Count ? $"backend '{backend.Name}' does without" : $"requests for backend '{backend.Name}' get 503";
        foreach (var (name, location) in missing) problems.Gap(location, $"target '{name}' is not defined; {effect}{config.Targets.Advice(name)}");
        return sound ? result : null;
    }

    private void WarnOfDisabled(Definition<BackendSection> backend, List<Definition<RemoteSystemSection>> named)
    {
        var disabled = named.Where(t => !t.Section.Enabled).ToList();
        if (disabled.Count == 0) return;
        var section = backend.Section;
        var location = section.LocationOf(section.TargetRef is null ? "targets" : "target_ref");
        var names = string.Join(", ", disabled.Select(t => $"'{t.Name}'"));
        var subject = disabled.Count == 1 ? $"target {names} is" : $"targets {names} are";
        problems.Warning(location, disabled.Count == named.Count
            ? $"{subject} not enabled, so requests for backend '{backend.Name}' get 503"
            : $"{subject} not enabled; backend '{backend.Name}' does without");
    }

    private static TargetSettings Settings(
        Definition<BackendSection> backend, Definition<RemoteSystemSection>? definition, AuthenticationSection? authentication)
    {
        var section = backend.Section;
        var target = definition?.Section;
        // A URL is taken apart only where the backend has settings to put over it.
        var parts = section.Connection is { Host: null } && target?.Url is { } url ? UrlParts.Of(url, target) : null;
        return new TargetSettings
        {
            Name = definition?.Name ?? backend.Name,
            Location = target?.Location ?? section.Location,
            AeTitle = target?.AeTitle,
            AeTitleLocation = target?.LocationOf("ae_title") ?? section.Location,
            Connection = Merge(section.Connection, parts is null ? target : target! with { Connection = parts.Or(target.Connection) }),
            Url = section.Connection?.Host is null && parts is null ? target?.Url : null,
            UrlLocation = target?.LocationOf("url") ?? section.Location,
            Authentication = authentication,
            TimeoutSecs = section.TimeoutSecs ?? target?.TimeoutSecs,
            MaxRetries = section.MaxRetries ?? target?.MaxRetries,
            Weight = target?.Weight ?? 1,
        };
    }
}

/// <summary>
/// Builds the endpoints, middleware, backends and rules that no pipeline leads to, and throws them away: what is wrong with them is said now, and not
/// on the day a configuration names them. They do no harm until then, so these are warnings.
/// </summary>
internal sealed class UnusedDefinitions(ModuleRegistry registry, BuildEnvironment environment, Instances used, ConfigProblems problems)
{
    public async ValueTask CheckAsync(CancellationToken ct)
    {
        await using var carried = new Runtime.CarriedState().Begin();
        var found = new ConfigProblems();
        var config = environment.Config;
        var alone = environment with { Carried = carried };
        var unused = new Instances(registry, alone, new References(config, found), found);
        try
        {
            foreach (var endpoint in Unused(config.Endpoints, "service", e => e.Service, ct)) unused.Endpoint(endpoint);
            foreach (var middleware in Unused(config.Middleware, "middleware", m => m.Type, ct)) unused.Middleware(middleware);
            foreach (var backend in Unused(config.Backends, "service", b => b.Service, ct)) unused.Backend(backend);
            foreach (var type in registry.Middleware) type.CheckUnused?.Invoke(alone, found);
            foreach (var problem in found) problems.Warning(problem.Location, $"{problem.Message} (no pipeline uses this)");
        }
        finally
        {
            foreach (var instance in unused.All) await DisposeAsync(instance);
        }
    }

    private IEnumerable<Definition<T>> Unused<T>(IEnumerable<Definition<T>> all, string kind, Func<T, string> module, CancellationToken ct)
        where T : ConfigNode
    {
        foreach (var definition in all)
        {
            ct.ThrowIfCancellationRequested();
            if (IsUnused(definition, kind, module(definition.Section))) yield return definition;
        }
    }

    /// <summary>Of what is not yet available there is nothing to check; what is faulty has been reported.</summary>
    private bool IsUnused<T>(Definition<T> definition, string kind, string module)
        where T : ConfigNode
        => !definition.Section.IsFaulty && registry.PlannedFor(kind, module) is null && !used.HasBuilt(definition);

    private static ValueTask DisposeAsync(object instance)
    {
        if (instance is IAsyncDisposable asynchronous) return asynchronous.DisposeAsync();
        (instance as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
