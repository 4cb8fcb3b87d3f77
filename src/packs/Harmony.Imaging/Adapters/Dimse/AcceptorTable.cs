using Harmony.Core.Runtime;
using Harmony.Dicom.Network.Scp;
using Harmony.Imaging.Dicom;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>The acceptors of a listener in one configuration, one for each endpoint, by AE title.</summary>
internal sealed class AcceptorTable
{
    private readonly Dictionary<string, DicomAcceptor> _byAeTitle = new(StringComparer.Ordinal);
    private DicomAcceptor? _other; // for those who call nobody we know

    /// <summary>Makes the acceptors of the endpoints that belong to a listener.</summary>
    public static AcceptorTable Of(
        GatewaySnapshot snapshot, DimseBinding binding, GatewayRuntime runtime, AssociationCounts counts, ILogger logger, TimeProvider clock)
    {
        var table = new AcceptorTable();
        foreach (var (other, routes) in DimseEndpoints.Of(snapshot))
        {
            if (other.Network != binding.Network || other.Address != binding.Address || other.ConfiguredPort != binding.ConfiguredPort) continue;
            foreach (var target in routes)
                table.Add(new DimseRoute(binding.Network, target, snapshot.Config.Telemetry.SampleRatio, runtime, logger, clock), binding, counts);
        }

        return table;
    }

    /// <summary>
    /// The acceptor for a called AE title. That of an unknown one may reject it in the way of the protocol; null where the configuration has no endpoint here
    /// any more.
    /// </summary>
    public DicomAcceptor? Find(string calledAeTitle) => _byAeTitle.GetValueOrDefault(calledAeTitle) ?? _other;

    private void Add(DimseRoute route, DimseBinding binding, AssociationCounts counts)
    {
        var settings = route.Endpoint.Settings;
        var options = settings.Acceptor with
        {
            Count = counts.Of(binding, settings.AeTitle),
            Identify = route.Target.Pipeline.Authenticates ? new AssociationGuard(route).JudgeAsync : null,
        };
        var acceptor = new DicomAcceptor(options, HandlersOf(route), new AssociationObserver(route));
        _byAeTitle[settings.AeTitle] = acceptor;
        if (!settings.RequiresCalledAeTitle) _other = acceptor;
        _other ??= acceptor;
    }

    private static DimseHandlers HandlersOf(DimseRoute route)
    {
        var operations = route.Endpoint.Settings.Operations;
        return new DimseHandlers
        {
            Echo = operations.Contains(DimseOperation.Echo) ? new EchoHandler(route) : null,
            Store = operations.Contains(DimseOperation.Store) ? new StoreHandler(route) : null,
            Find = operations.Contains(DimseOperation.Find) ? new FindHandler(route) : null,
            Get = operations.Contains(DimseOperation.Get) ? new GetHandler(route) : null,
            Move = operations.Contains(DimseOperation.Move) ? new MoveHandler(route) : null,
            Normalized = route.Endpoint.Settings.Commits ? new CommitHandler(route) : null,
        };
    }
}
