using Harmony.Core.Runtime;
using Harmony.Imaging.Services.DicomScp;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Where the operations of an endpoint lead, and what is needed to take them there.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Target">Endpoint and pipeline.</param>
/// <param name="SampleRatio">Share of operations that are traced.</param>
/// <param name="Runtime">Has the access log.</param>
/// <param name="Logger">For lines about operations.</param>
/// <param name="Clock">Tells the time.</param>
internal sealed record DimseRoute(string Network, RouteTarget Target, double SampleRatio, GatewayRuntime Runtime, ILogger Logger, TimeProvider Clock)
{
    /// <summary>The endpoint.</summary>
    public DicomScpEndpoint Endpoint => (DicomScpEndpoint)Target.Endpoint;
}
