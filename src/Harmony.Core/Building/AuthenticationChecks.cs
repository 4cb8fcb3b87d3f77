using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;

namespace Harmony.Core.Building;

/// <summary>Looks at where authentication stands in a left chain, because a chain in the wrong order looks guarded and is not.</summary>
internal sealed class AuthenticationChecks(ConfigProblems problems)
{
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="steps">The steps of the left chain that are there, in order, with the place that names each.</param>
    public void Check(string pipeline, IReadOnlyList<(string Name, IMiddleware Instance, SourceLocation Location)> steps)
    {
        var guards = steps.Where(s => s.Instance is IAuthenticationStep).ToList();
        if (guards.Count == 0) return;
        if (guards.TrueForAll(g => ((IAuthenticationStep)g.Instance).IsOptional))
        {
            problems.Warning(guards[^1].Location,
                $"every authentication of pipeline '{pipeline}' is optional, so requests without credentials pass; leave 'optional' off at the last, "
                    + $"'{guards[^1].Name}'");
        }

        foreach (var (name, _, location) in steps.TakeWhile(s => s.Instance is not IAuthenticationStep).Where(s => s.Instance.ReadsRequestBody))
        {
            problems.Warning(location,
                $"middleware '{name}' of pipeline '{pipeline}' reads the body of requests before '{guards[0].Name}' knows who sends them; put it behind");
        }
    }

    /// <summary>An endpoint names only the credentials that its callers show. Middleware verifies them; without it, every request comes in.</summary>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="endpoints">Its endpoints.</param>
    /// <param name="parts">Its steps.</param>
    public void CheckWanted(string pipeline, IEnumerable<Built<IEndpoint>> endpoints, PipelineParts parts)
    {
        if (parts.Left.Exists(s => s.Middleware is IAuthenticationStep)) return;
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Wanted is not { } wanted) continue;
            problems.Warning(wanted.Location,
                $"endpoint '{endpoint.Name}' names authentication '{wanted.Name}', but no middleware of pipeline '{pipeline}' asks for it, so everybody "
                    + "comes in; "
                + $"put one with authentication = \"{wanted.Name}\" first in its 'middleware'");
        }
    }
}

/// <summary>An <c>authentication</c> that an endpoint or its peer names, for steps of the pipeline to ask for.</summary>
/// <param name="Name">The name in <c>[authentications.*]</c>.</param>
/// <param name="Location">Location in the file.</param>
internal sealed record WantedAuthentication(string Name, SourceLocation Location)
{
    /// <summary>What the endpoint names, else its peer; null where neither does.</summary>
    public static WantedAuthentication? Of(EndpointSection endpoint, RemoteSystemSection? peer)
    {
        if (endpoint.Authentication is { } own) return IsOne(own) ? new WantedAuthentication(own, endpoint.LocationOf("authentication")) : null;
        return IsOne(peer?.Authentication) ? new WantedAuthentication(peer!.Authentication!, peer.LocationOf("authentication")) : null;
    }

    private static bool IsOne(string? name) => !string.IsNullOrEmpty(name) && name != "none";
}
