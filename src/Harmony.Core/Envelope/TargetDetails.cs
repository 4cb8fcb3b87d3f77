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

/// <summary>
/// Holds what belongs to one connection of a client only, such as a connection to an origin that has authenticated this client.
/// Safe for concurrent use.
/// </summary>
public interface IConnectionScope
{
    /// <summary>Takes a value out, so that no other request can use it at the same time.</summary>
    /// <param name="key">The owner of the value; compared by reference.</param>
    /// <returns>Null when there is none.</returns>
    IDisposable? Take(object key);

    /// <summary>Keeps a value until it is taken, or until the client's connection ends, which disposes it.</summary>
    /// <param name="key">The owner of the value.</param>
    /// <param name="value">The value; disposed at once when the client's connection has ended, or another value has this key.</param>
    void Keep(object key, IDisposable value);
}

/// <summary>The client's wish to go on in another protocol on the same connection.</summary>
public interface IProtocolSwitch
{
    /// <summary>The protocol asked for, as in the <c>Upgrade</c> field: <c>websocket</c>.</summary>
    string Protocol { get; }
}
