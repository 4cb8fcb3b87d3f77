using Harmony.Core.Configuration;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>DICOM associations from others, on Kestrel's connections: operations of DIMSE to pipelines and back.</summary>
public sealed class DimseAdapter(TimeProvider clock) : IProtocolAdapter
{
    private readonly AssociationCounts _counts = new();

    /// <inheritdoc/>
    public string Protocol => Services.DicomScp.DicomScpEndpoint.ProtocolName;

    /// <inheritdoc/>
    public void Check(GatewaySnapshot snapshot, ConfigProblems problems)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(problems);
        DimseEndpoints.Check(snapshot, problems);
    }

    /// <inheritdoc/>
    public IEnumerable<ListenerBinding> BindingsOf(GatewaySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return DimseEndpoints.Of(snapshot).Where(l => !l.Routes.Any(r => r.Endpoint.StaysClosed)).Select(l => l.Binding);
    }

    /// <inheritdoc/>
    public async ValueTask<IListener> OpenAsync(ListenerBinding binding, GatewayRuntime runtime, ILoggerFactory loggers, CancellationToken ct)
        => await DimseListener.OpenAsync((DimseBinding)binding, runtime, _counts, loggers, clock, ct);
}
