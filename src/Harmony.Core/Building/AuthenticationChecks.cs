using Harmony.Core.Configuration;
using Harmony.Core.Modules;

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
                $"every authentication of pipeline '{pipeline}' is optional, so requests without credentials pass; leave 'optional' off at the last, '{guards[^1].Name}'");
        }

        foreach (var (name, _, location) in steps.TakeWhile(s => s.Instance is not IAuthenticationStep).Where(s => s.Instance.RequestBody != BodyUse.Ignores))
        {
            problems.Warning(location, $"middleware '{name}' of pipeline '{pipeline}' reads the body of requests before '{guards[0].Name}' knows who sends them; put it behind");
        }
    }
}
