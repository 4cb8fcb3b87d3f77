using Harmony.Access.Middleware.Policies;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Routing;
using Microsoft.Extensions.Logging;

namespace Harmony.Access.Middleware.PathFilter;

/// <summary>
/// Answers 404 to a request unless the first rule that matches its path allows it. Judges the path below the endpoint's prefix: the very
/// characters that the backend gets.
/// </summary>
internal sealed class PathFilterMiddleware(string name, IReadOnlyList<PathFilterRule> rules, ILogger logger) : IRequestMiddleware
{
    private readonly PathFilterRule[] _rules = [.. rules];

    public IReadOnlyList<string> Words => [.. _rules.Select(r => r.ToString()), "answers 404 to everything else"];

    public static PathFilterMiddleware? Create(PathFilterOptions options, MiddlewareContext context)
        => PathFilterRules.Compile(options, context) is { } rules
            ? new PathFilterMiddleware(context.Name, rules, context.Environment.Loggers.CreateLogger(PoliciesLog.Target))
            : null;

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        var readings = new PathReadings(request.PathBelowPrefix);
        var refusing = Deciding(readings.AsSent);
        // Servers behind us may cut parameters off, so the path has to pass either way.
        if (refusing is { Allows: true } && !readings.AreOne) refusing = Deciding(readings.WithoutParameters);
        if (refusing is { Allows: true }) return new(MiddlewareResult.Continue);
        PoliciesLog.Filtered(logger, name, refusing is null ? "no rule matches" : "a rule denies", refusing?.Pattern.Text ?? "");
        return new(MiddlewareResult.Refuse(Refusal.NotFound));
    }

    /// <summary>The first rule that matches, or null.</summary>
    private PathFilterRule? Deciding(ReadOnlySpan<char> path)
    {
        foreach (var rule in _rules)
        {
            if (rule.Pattern.IsMatch(path)) return rule;
        }

        return null;
    }
}
