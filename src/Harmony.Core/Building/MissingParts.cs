using Harmony.Core.Modules;

namespace Harmony.Core.Building;

/// <summary>
/// What a pipeline needs and does not have. Running without it could let through what it would have stopped, so the whole pipeline is closed.
/// </summary>
internal sealed class MissingParts
{
    private readonly List<string> _planned = [];
    private string? _reason;

    /// <summary>Why the pipeline responds with 503; null when nothing is missing.</summary>
    public string? Reason => _planned.Count > 0 ? $"not yet available: {string.Join(", ", _planned.Distinct(StringComparer.Ordinal))}" : _reason;

    /// <summary>Takes note of a part whose module is not there yet.</summary>
    public void NotePlanned<T>(Built<T> built)
        where T : class
    {
        if (built.Planned is { } planned) _planned.Add($"{planned.Kind} '{built.Module}'");
    }

    /// <summary>Takes note of something else that is not there yet: <c>mesh 'm'</c>.</summary>
    public void NotePlanned(string? what)
    {
        if (what is not null) _planned.Add(what);
    }

    /// <summary>Takes note of a step that could not be built for want of something it needs.</summary>
    public void NoteClosed(string? reason) => _reason ??= reason;
}

/// <summary>
/// Holds the routes of an endpoint whose service this program does not have yet, so that its requests get 503 and do not fall through to
/// a pipeline that claims the paths around them (docs/decisions/0002-fail-closed.md).
/// </summary>
/// <param name="routes">What it claims.</param>
internal sealed class ClosedEndpoint(params IReadOnlyList<EndpointRoute> routes) : IEndpoint
{
    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; } = routes;
}
