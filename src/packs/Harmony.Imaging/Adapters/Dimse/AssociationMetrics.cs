using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Counts the associations of an endpoint.</summary>
/// <param name="network">Name of the network.</param>
/// <param name="endpoint">Name of the endpoint.</param>
internal sealed class AssociationMetrics(string network, string endpoint)
{
    private static readonly UpDownCounter<long> OpenNow =
        HarmonyMetrics.Meter.CreateUpDownCounter<long>("harmony.dimse.associations", "{association}", "DICOM associations that are open.");

    private static readonly Counter<long> Rejections =
        HarmonyMetrics.Meter.CreateCounter<long>("harmony.dimse.rejections", "{association}", "DICOM associations that were rejected.");

    private readonly KeyValuePair<string, object?>[] _tags = [new("network", network), new("endpoint", endpoint)];

    public void Opened() => OpenNow.Add(1, _tags);

    public void Closed() => OpenNow.Add(-1, _tags);

    public void Rejected() => Rejections.Add(1, _tags);
}
