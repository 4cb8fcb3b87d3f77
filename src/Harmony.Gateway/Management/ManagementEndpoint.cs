using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Routing;

namespace Harmony.Gateway.Management;

/// <summary><c>[endpoints.management.options]</c>, which <c>[management]</c> fills in.</summary>
public sealed record ManagementEndpointOptions : ConfigNode
{
    /// <summary>Path of the API.</summary>
    [NotEmpty]
    public string PathPrefix { get; init; } = "/admin";

    /// <summary>Serves metrics at <c>/metrics</c> as well, the default path of Prometheus.</summary>
    public bool RootMetrics { get; init; }
}

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
        if (options.RootMetrics && options.PathPrefix != "/" && RoutePattern.TryParse("/metrics", out var metrics, out _)
            && RoutePattern.TryParse("/", out var page, out _))
        {
            routes.Add(new EndpointRoute(page!, IsPrefix: false, "GET"));
            routes.Add(new EndpointRoute(page!, IsPrefix: false, "HEAD"));
            routes.Add(new EndpointRoute(metrics!, IsPrefix: false, "GET"));
            routes.Add(new EndpointRoute(metrics!, IsPrefix: false, "HEAD"));
        }

        if (options.RootMetrics && options.PathPrefix is not ("/" or "/api") && RoutePattern.TryParse("/" + ManagementApi.RunbeamReload, out var reload, out _))
        {
            routes.Add(new EndpointRoute(reload!, IsPrefix: false, "POST"));
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

/// <summary>
/// The service <c>management</c>: what <c>[management]</c> puts behind its network. Here and not among the standard modules, because it steers the program.
/// </summary>
internal sealed class ManagementModule(GatewayReference gateway) : IModulePack
{
    /// <inheritdoc/>
    public void AddTo(ModuleRegistryBuilder modules)
        => modules.Add(new ServiceModule(ManagementTables.Name, "The management API for operators, which [management] turns on.")
        {
            Endpoint = ModuleFactory<EndpointContext, IEndpoint>.From<ManagementEndpointOptions>(ManagementEndpoint.Create),
            Backend = ModuleFactory<BackendContext, IBackend>.From<ManagementBackendOptions>((_, context) => ManagementBackend.Create(context, gateway)),
        });
}

/// <summary>Where the management API finds the gateway that it steers: its backend is built before there is one.</summary>
internal sealed class GatewayReference
{
    private readonly TaskCompletionSource<IManagedGateway> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IManagedGateway? _running;

    /// <summary>The gateway; null until it serves, and where a configuration is only looked at.</summary>
    public IManagedGateway? Running
    {
        get => _running;
        set
        {
            _running = value;
            if (value is not null) _started.TrySetResult(value);
        }
    }

    /// <summary>The gateway as soon as it serves: listeners open a moment before all is in its place.</summary>
    public Task<IManagedGateway> StartedAsync(CancellationToken ct) => _started.Task.WaitAsync(ct);
}
