using Harmony.Core.Envelope;
using Harmony.Gateway.Management.Access;

namespace Harmony.Gateway.Management;

/// <summary>One thing that operators may ask for.</summary>
/// <param name="Method">HTTP method; a GET answers HEAD too.</param>
/// <param name="Path">Its path below the base path; <c>{name}</c> stands for one segment.</param>
/// <param name="Need">What it asks of who wants it.</param>
/// <param name="Summary">What it does, one sentence.</param>
/// <param name="Run">Does it.</param>
internal sealed record Operation(string Method, string Path, AccessNeed Need, string Summary, Func<OperationCall, ValueTask<ResponseEnvelope>> Run)
{
    private readonly string[] _segments = Path.Split('/');

    /// <summary>What the body holds, as a schema of OpenAPI; null where none is read.</summary>
    public string? BodySchema { get; init; }

    /// <summary>What it answers before the gateway serves; null where that is what everything else does, 503.</summary>
    public Func<RequestEnvelope, ResponseEnvelope>? WhileStarting { get; init; }

    /// <summary>Names of the segments that may be anything.</summary>
    public IEnumerable<string> Parameters => _segments.Where(s => s.StartsWith('{')).Select(s => s[1..^1]);

    /// <summary>Whether a request's method means this operation.</summary>
    public bool TakesMethod(string method) => method == Method || (method == "HEAD" && Method == "GET");

    /// <summary>Compares a path; the values are what it holds in the place of parameters, decoded.</summary>
    public bool TryMatch(string[] path, out string[] values)
    {
        values = [];
        if (path.Length != _segments.Length) return false;
        var found = new List<string>();
        for (var i = 0; i < path.Length; i++)
        {
            if (_segments[i].StartsWith('{')) found.Add(Uri.UnescapeDataString(path[i]));
            else if (_segments[i] != path[i]) return false;
        }

        values = [.. found];
        return true;
    }
}
