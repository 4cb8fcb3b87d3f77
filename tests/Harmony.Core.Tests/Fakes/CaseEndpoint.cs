using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Routing;

namespace Harmony.Core.Tests.Fakes;

/// <summary>Options of <see cref="CaseEndpoint"/>.</summary>
internal sealed record CaseEndpointOptions : ConfigNode
{
    [NotEmpty]
    public string? PathPrefix { get; init; }

    [NotEmpty]
    public string? Path { get; init; }

    [NotEmpty]
    public string? Method { get; init; }

    public IReadOnlyList<string> Methods { get; init; } = [];
}

/// <summary>An HTTP endpoint by prefix or pattern.</summary>
internal sealed class CaseEndpoint(IReadOnlyList<EndpointRoute> routes) : IEndpoint
{
    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes => routes;

    public static CaseEndpoint? Create(CaseEndpointOptions options, EndpointContext context)
    {
        if ((options.PathPrefix ?? options.Path) is not { } text)
        {
            context.Problems.Error(options.Location, $"endpoint '{context.Name}' needs 'path_prefix'");
            return null;
        }

        if (!RoutePattern.TryParse(text, out var pattern, out var error))
        {
            context.Problems.Error(options.LocationOf(options.Path is null ? "path_prefix" : "path"), $"'{text}' is not a path: {error}");
            return null;
        }

        string?[] methods = options.Method is not null ? [options.Method] : options.Methods.Count > 0 ? [.. options.Methods] : [null];
        return new CaseEndpoint([.. methods.Select(m => new EndpointRoute(pattern, options.Path is null, m))]);
    }
}

/// <summary>An endpoint that no HTTP request reaches.</summary>
internal sealed class DoorEndpoint : IEndpoint
{
    public string Protocol => "door";

    public IReadOnlyList<EndpointRoute> Routes => [];
}

/// <summary>No options at all.</summary>
internal sealed record NoOptions : ConfigNode;
