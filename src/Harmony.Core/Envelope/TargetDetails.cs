namespace Harmony.Core.Envelope;

/// <summary>
/// Where a request shall go, as far as a middleware changed it. What is null stays as the request and the backend have it, so a
/// partial change never resets the rest.
/// </summary>
public sealed class TargetDetails
{
    /// <summary>Scheme, authority and base path, e.g. <c>https://pacs.example.org/dicom-web</c>.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>The method.</summary>
    public string? Method { get; set; }

    /// <summary>The path below the base URL, with a leading slash.</summary>
    public string? Path { get; set; }

    /// <summary>The query, without the question mark.</summary>
    public string? Query { get; set; }

    /// <summary>Fields to set on the request to the target, over those of the client.</summary>
    public HeaderFields Headers { get; } = new(0);

    /// <summary>Metadata for the backend alone, over that of the request (<c>dimse_op</c>).</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The same details, to be changed by themselves.</summary>
    internal TargetDetails Copy()
    {
        var copy = new TargetDetails { BaseUrl = BaseUrl, Method = Method, Path = Path, Query = Query };
        foreach (ref readonly var field in Headers.AsSpan()) copy.Headers.Add(field.Name, field.Value);
        foreach (var (key, value) in Metadata) copy.Metadata[key] = value;
        return copy;
    }
}
