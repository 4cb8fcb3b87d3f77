using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Routing;

namespace Harmony.Gateway.Management;

/// <summary>Takes the requests of operators.</summary>
internal sealed class ManagementEndpoint(IReadOnlyList<EndpointRoute> routes) : IEndpoint
{
    public string Protocol => "http";

    public IReadOnlyList<EndpointRoute> Routes { get; } = routes;

    public long? MaxBodySize => ManagementBackend.MaxBodySize;

    public static ManagementEndpoint? Create(ManagementEndpointOptions options, EndpointContext context)
    {
        if (!IsOurs(context, "endpoint")) return null;
        if (!RoutePattern.TryParsePrefix(options.PathPrefix, out var prefix, out var error))
        {
            context.Problems.Error(context.Config.Management.LocationOf("base_path"), $"'base_path' of [management]: {error}");
            return null;
        }

        var routes = new List<EndpointRoute> { new(prefix!, IsPrefix: true, Method: null) };
        if (options.RootMetrics && options.PathPrefix != "/" && RoutePattern.TryParse("/metrics", out var metrics, out _) && RoutePattern.TryParse("/", out var page, out _))
        {
            routes.Add(new EndpointRoute(page!, IsPrefix: false, "GET"));
            routes.Add(new EndpointRoute(page!, IsPrefix: false, "HEAD"));
            routes.Add(new EndpointRoute(metrics!, IsPrefix: false, "GET"));
            routes.Add(new EndpointRoute(metrics!, IsPrefix: false, "HEAD"));
        }

        return new ManagementEndpoint(routes);
    }

    /// <summary>What guards the API is checked for the network that [management] names, so it is served nowhere else.</summary>
    public static bool IsOurs(ModuleContext context, string kind)
    {
        if (context.File == ManagementTables.File) return true;
        context.Problems.Error(context.Location,
            $"{kind} '{context.Name}' cannot be of service 'management'; enabled = true in [management] puts the API on a network, with what guards it");
        return false;
    }
}
