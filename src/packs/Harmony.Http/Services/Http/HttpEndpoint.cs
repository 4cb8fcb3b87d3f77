using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Routing;

namespace Harmony.Http.Services.Http;

/// <summary><c>[endpoints.NAME.options]</c> of an <c>http</c> endpoint.</summary>
[FormerKey("headers", "the endpoint passes all headers; use a policies middleware to require headers")]
public sealed record HttpEndpointOptions : ConfigNode
{
    /// <summary>
    /// The endpoint receives requests for this path and all paths below it (whole segments), e.g. <c>/api</c>. The backend gets the path below the prefix.
    /// </summary>
    [NotEmpty]
    public string? PathPrefix { get; init; }

    /// <summary>
    /// Instead of a prefix: the endpoint receives requests whose path matches this pattern, e.g. <c>/orders/{id}</c>. The backend gets the whole path.
    /// </summary>
    [NotEmpty]
    public string? Path { get; init; }

    /// <summary>The only method that the endpoint receives; every method when absent.</summary>
    [NotEmpty]
    public string? Method { get; init; }

    /// <summary>The methods that the endpoint receives; every method when empty.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Largest request body, in bytes; no limit when absent.</summary>
    [AllowedRange(0)]
    public long? MaxBodySize { get; init; }

    /// <summary>Encoded characters that are allowed in paths; without this list they are refused.</summary>
    [AllowedValues("slash", "backslash", "double")]
    public IReadOnlyList<string> AllowEncoded { get; init; } = [];
}

/// <summary>Takes HTTP requests of every method under a prefix, or of a pattern, and leaves them as they are.</summary>
internal sealed class HttpEndpoint : IEndpoint
{
    private HttpEndpoint(IReadOnlyList<EndpointRoute> routes, HttpEndpointOptions options)
    {
        Routes = routes;
        MaxBodySize = options.MaxBodySize;
        AllowedOddities = options.AllowEncoded.Aggregate(PathOddities.None, (all, name) => all | name switch
        {
            "slash" => PathOddities.EncodedSlash,
            "backslash" => PathOddities.EncodedBackslash,
            _ => PathOddities.DoubleEncoding,
        });
    }

    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; }

    public long? MaxBodySize { get; }

    public PathOddities AllowedOddities { get; }

    public static HttpEndpoint? Create(HttpEndpointOptions options, EndpointContext context)
    {
        if ((options.PathPrefix is null) == (options.Path is null))
        {
            var message = options.Path is null ? "needs 'path_prefix', such as path_prefix = \"/api\"" : "gives both 'path_prefix' and 'path'; keep one";
            context.Problems.Error(options.Location, $"endpoint '{context.Name}' {message}");
            return null;
        }

        var routes = RoutesOf(options.PathPrefix ?? options.Path!, options.PathPrefix is not null, MethodsOf(options), options, context);
        return routes is null ? null : new HttpEndpoint(routes, options);
    }

    /// <summary>Compiles one pattern or prefix; an error goes to the context's problems.</summary>
    internal static IReadOnlyList<EndpointRoute>? RoutesOf(
        string text, bool isPrefix, IReadOnlyList<string?> methods, ConfigNode options, EndpointContext context)
    {
        var parsed = isPrefix ? RoutePattern.TryParsePrefix(text, out var pattern, out var error) : RoutePattern.TryParse(text, out pattern, out error);
        if (parsed) return [.. methods.Select(m => new EndpointRoute(pattern!, isPrefix, m))];
        var key = isPrefix ? "path_prefix" : "path";
        context.Problems.Error(options.LocationOf(key), $"'{key}' of endpoint '{context.Name}' is not a path: {error}");
        return null;
    }

    private static List<string?> MethodsOf(HttpEndpointOptions options)
    {
        var methods = options.Methods.Concat(options.Method is null ? [] : [options.Method]).Select(m => m.ToUpperInvariant()).Distinct(StringComparer.Ordinal);
        List<string?> result = [.. methods];
        return result.Count == 0 ? [null] : result;
    }
}
