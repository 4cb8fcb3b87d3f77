using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Routing;

namespace Harmony.Core.Building;

/// <summary>Compiles <c>[[pipelines.NAME.routes]]</c>.</summary>
internal sealed class BackendRoutes(ConfigProblems problems)
{
    /// <summary>Adds the routes to the parts.</summary>
    /// <returns>For each backend the rules that choose it, in words.</returns>
    public IReadOnlyList<IReadOnlyList<string>> Build(Definition<PipelineSection> pipeline, List<Built<IBackend>> backends, PipelineParts parts)
    {
        if (parts.SendsToAll) return ToAll(pipeline, backends);
        var names = pipeline.Section.Backends ?? [];
        var words = backends.ConvertAll(_ => new List<string>());
        PipelineRouteSection? catchAll = null;
        foreach (var route in pipeline.Section.Routes)
        {
            if (catchAll is not null) problems.Warning(route.Location, $"this route is never reached: the route at {catchAll.Location} has no condition");
            if (route.IsFaulty) continue;
            var index = backends.FindIndex(b => b.Name == Bare(route.Backend));
            if (index < 0)
            {
                // A backend that is listed and not there has been reported where it is listed.
                if (names.Contains(route.Backend)) continue;
                problems.Error(route.LocationOf("backend"),
                    $"'{route.Backend}' is not a backend of pipeline '{pipeline.Name}'{NearestName.Suggestion(route.Backend, backends.Select(b => b.Name))}");
                continue;
            }

            if (HasNoCondition(route)) catchAll ??= Warned(route);
            if (Compile(route, index) is not { } compiled) continue;
            parts.Routes.Add(compiled);
            words[index].Add(Describe(route));
        }

        if (!problems.HasErrors) WarnOfIdle(pipeline, backends, words, catchAll);
        return words;
    }

    /// <summary>There is nothing to choose where every backend gets every request.</summary>
    private List<IReadOnlyList<string>> ToAll(Definition<PipelineSection> pipeline, List<Built<IBackend>> backends)
    {
        if (pipeline.Section.Routes.Count > 0)
        {
            problems.Error(pipeline.Section.Routes[0].Location,
                $"pipeline '{pipeline.Name}' sends to all its backends (backends_mode), so there is nothing for routes to choose");
        }

        return backends.ConvertAll(_ => (IReadOnlyList<string>)["always, beside the others"]);
    }

    private static bool HasNoCondition(PipelineRouteSection route)
        => route.Path is null && route.Methods.Count == 0 && route.Headers.Count == 0 && route.Query.Count == 0 && route.Metadata.Count == 0;

    /// <summary>A reference may have the table in front, as everywhere: <c>backends.x</c>.</summary>
    private static string Bare(string reference)
        => reference.StartsWith("backends.", StringComparison.Ordinal) ? reference["backends.".Length..] : reference;

    private PipelineRouteSection Warned(PipelineRouteSection route)
    {
        problems.Warning(route.Location, $"this route has no condition, so backend '{route.Backend}' gets every request that matches no earlier route");
        return route;
    }

    private void WarnOfIdle(Definition<PipelineSection> pipeline, List<Built<IBackend>> backends, List<List<string>> words, PipelineRouteSection? catchAll)
    {
        for (var i = catchAll is null ? 1 : 0; i < backends.Count; i++)
        {
            if (words[i].Count > 0) continue;
            problems.Warning(pipeline.Section.LocationOf("backends"),
                $"backend '{backends[i].Name}' of pipeline '{pipeline.Name}' gets no requests: no route names it"
                + (i == 0 ? ", and one without a condition takes the rest" : ", and the first listed gets what no route takes"));
        }
    }

    private BackendRoute? Compile(PipelineRouteSection route, int backend)
    {
        RoutePattern? pattern = null;
        if (route.Path is not null && !RoutePattern.TryParse(route.Path, out pattern, out var error))
        {
            problems.Error(route.LocationOf("path"), $"'{route.Path}' is not a pattern: {error}");
            return null;
        }

        return new BackendRoute
        {
            Backend = backend, Path = pattern, Methods = [.. route.Methods],
            Headers = [.. route.Headers], Query = [.. route.Query], Metadata = [.. route.Metadata],
        };
    }

    private static string Describe(PipelineRouteSection route)
    {
        var conditions = new List<string>();
        if (route.Path is not null) conditions.Add($"path {route.Path}");
        if (route.Methods.Count > 0) conditions.Add($"method {string.Join(" or ", route.Methods)}");
        conditions.AddRange(route.Headers.Select(h => $"header {h.Key} is {Shown(h)}"));
        conditions.AddRange(route.Query.Select(q => $"query {q.Key} is {Shown(q)}"));
        conditions.AddRange(route.Metadata.Select(
            m => $"metadata {m.Key} is {(m.Value == "*" ? "anything" : SensitiveNames.Contains(m.Key) ? SensitiveNames.Mask : m.Value)}"));
        return conditions.Count == 0 ? "always" : string.Join(" and ", conditions);
    }

    private static string Shown(KeyValuePair<string, string> condition)
        => condition.Value == "*" ? "anything" : SensitiveNames.Shown(condition.Key, condition.Value);
}
