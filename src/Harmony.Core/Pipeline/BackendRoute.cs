using Harmony.Core.Envelope;
using Harmony.Core.Routing;

namespace Harmony.Core.Pipeline;

/// <summary>A route to a backend: all its conditions must hold (<c>[[pipelines.P.routes]]</c>).</summary>
internal sealed class BackendRoute
{
    public required int Backend { get; init; }

    public RoutePattern? Path { get; init; }

    public required string[] Methods { get; init; }

    public required KeyValuePair<string, string>[] Headers { get; init; }

    public required KeyValuePair<string, string>[] Query { get; init; }

    public required KeyValuePair<string, string>[] Metadata { get; init; }

    public bool Matches(RequestEnvelope request)
        => MatchesMethod(request.Method)
        && (Path is null || Path.IsMatch(request.PathBelowPrefix.Length == 0 ? "/" : request.PathBelowPrefix))
        && MatchesHeaders(request)
        && MatchesQuery(request)
        && MatchesMetadata(request);

    private bool MatchesMethod(string method)
    {
        if (Methods.Length == 0) return true;
        foreach (var candidate in Methods)
        {
            if (string.Equals(candidate, method, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private bool MatchesHeaders(RequestEnvelope request)
    {
        foreach (var (name, value) in Headers)
        {
            if (request.Headers.Combined(name) is not { } found || !Accepts(value, found)) return false;
        }

        return true;
    }

    private bool MatchesQuery(RequestEnvelope request)
    {
        foreach (var (name, value) in Query)
        {
            if (!request.QueryParams.TryGetValue(name, out var found) || !AcceptsAny(value, found)) return false;
        }

        return true;
    }

    private static bool AcceptsAny(string wanted, IReadOnlyList<string> found)
    {
        for (var i = 0; i < found.Count; i++)
        {
            if (Accepts(wanted, found[i])) return true;
        }

        return false;
    }

    private bool MatchesMetadata(RequestEnvelope request)
    {
        foreach (var (name, value) in Metadata)
        {
            if (!request.Metadata.TryGetValue(name, out var found) || !Accepts(value, found)) return false;
        }

        return true;
    }

    /// <summary><c>*</c> stands for any value.</summary>
    private static bool Accepts(string wanted, string found) => wanted == "*" || wanted == found;
}
