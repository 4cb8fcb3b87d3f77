using Harmony.Core.Configuration;

namespace Harmony.Http.Services.Http;

/// <summary><c>[endpoints.NAME.options]</c> of an <c>http</c> endpoint.</summary>
[FormerKey("headers", "the endpoint passes all fields; use a policies middleware to demand some")]
public sealed record HttpEndpointOptions : ConfigNode
{
    /// <summary>Claims this path and everything below it at a segment boundary, e.g. <c>/api</c>. What is below goes to the backend.</summary>
    [NotEmpty]
    public string? PathPrefix { get; init; }

    /// <summary>Instead of a prefix: claims the paths of this pattern, e.g. <c>/orders/{id}</c>. The whole path goes to the backend.</summary>
    [NotEmpty]
    public string? Path { get; init; }

    /// <summary>Claims only this method; every one when absent.</summary>
    [NotEmpty]
    public string? Method { get; init; }

    /// <summary>Claims only these methods.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Bytes of the largest request body; no limit when absent.</summary>
    [AllowedRange(0)]
    public long? MaxBodySize { get; init; }

    /// <summary>Lets encoded characters pass in paths that are refused otherwise.</summary>
    [AllowedValues("slash", "backslash", "double")]
    public IReadOnlyList<string> AllowEncoded { get; init; } = [];
}
