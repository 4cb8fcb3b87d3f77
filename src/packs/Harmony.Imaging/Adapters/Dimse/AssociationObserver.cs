using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.CompilerServices;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Tells log and metrics of the associations of one endpoint.</summary>
internal sealed class AssociationObserver(DimseRoute route) : IAssociationObserver
{
    private readonly AssociationMetrics _metrics = new(route.Network, route.Target.EndpointName);

    public void Accepted(AssociationInfo association)
    {
        _metrics.Opened();
        if (!route.Logger.IsEnabled(LogLevel.Debug)) return;
        var client = Client(association.RemoteEndPoint);
        DimseLog.Accepted(route.Logger, route.Target.EndpointName, association.CallingAeTitle, client);
    }

    public void Rejected(string callingAeTitle, string calledAeTitle, EndPoint? remote, AssociationRejection rejection)
    {
        _metrics.Rejected(rejection);
        DimseLog.Rejected(route.Logger, route.Target.EndpointName, callingAeTitle, Client(remote), calledAeTitle, rejection.ToString());
    }

    public void Ended(AssociationInfo? association, EndPoint? remote, AssociationEnd end)
    {
        var client = Client(remote);
        if (association is not null)
        {
            _metrics.Closed();
            AssociationGroups.Of(association).End();
            if (StoreTally.Find(association)?.Counts is var (stored, failed))
                DimseLog.Stored(route.Logger, association.CallingAeTitle, client, route.Target.EndpointName, stored, failed);
        }

        if (end.Kind == AssociationEndKind.ProtocolError) DimseLog.Broken(route.Logger, client, route.Target.EndpointName, end.Detail);
        else if (end.Kind != AssociationEndKind.Rejected) DimseLog.Ended(route.Logger, route.Target.EndpointName, end.Detail);
    }

    public void HandlerFailed(AssociationInfo association, DimseRequest request, Exception exception)
        => DimseLog.Unforeseen(route.Logger, request.GetType().Name, route.Target.Pipeline.Name, exception);

    private static string Client(EndPoint? remote) => (remote as IPEndPoint)?.Address.ToString() ?? "-";
}

/// <summary>How many objects came over an association, for the one line that the log has of them.</summary>
internal sealed class StoreTally
{
    private static readonly ConditionalWeakTable<AssociationInfo, StoreTally> Tallies = [];

    private int _stored;
    private int _failed;

    /// <summary>Objects that were stored, and those that were not.</summary>
    public (int Stored, int Failed) Counts => (Volatile.Read(ref _stored), Volatile.Read(ref _failed));

    /// <summary>
    /// The counts of an association; null if nothing was stored, because most associations store nothing and 100,000 of them must cost no memory.
    /// </summary>
    public static StoreTally? Find(AssociationInfo association) => Tallies.TryGetValue(association, out var tally) ? tally : null;

    /// <summary>The counts of an association, created at the first call.</summary>
    public static StoreTally Of(AssociationInfo association) => Tallies.GetValue(association, static _ => new StoreTally());

    /// <summary>Counts an object.</summary>
    public void Note(bool isStored) => Interlocked.Increment(ref isStored ? ref _stored : ref _failed);
}

/// <summary>The shared properties of an association's requests.</summary>
internal static class AssociationGroups
{
    private static readonly ConditionalWeakTable<AssociationInfo, RequestGroup> Groups = [];

    /// <summary>That of an association; ended once the association is.</summary>
    public static RequestGroup Of(AssociationInfo association) => Groups.GetValue(association, static _ => new RequestGroup());
}

/// <summary>
/// How many associations each AE title of each listener has, whichever configuration they began in: <c>max_associations</c> is a limit of all of them, or each
/// reload would double it.
/// </summary>
internal sealed class AssociationCounts
{
    private readonly ConcurrentDictionary<(string Network, string Address, int Port, string AeTitle), AssociationCount> _counts = new();

    /// <summary>That of a title.</summary>
    public AssociationCount Of(DimseBinding binding, string aeTitle)
        => _counts.GetOrAdd((binding.Network, binding.Address, binding.ConfiguredPort, aeTitle), static _ => new AssociationCount());
}

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

    public void Rejected(AssociationRejection rejection) => Rejections.Add(1, [.. _tags, new("reason", ReasonOf(rejection))]);

    /// <summary>A word for the source and reason of PS3.8 table 9-21: those that this gateway gives, so that the set is closed.</summary>
    private static string ReasonOf(AssociationRejection rejection) => (rejection.Source, rejection.Reason) switch
    {
        (1, 2) => "application_context",
        (1, 3) => "calling_ae_title",
        (1, 7) => "called_ae_title",
        (2, 1) => "user_identity",
        (2, 2) => "protocol_version",
        (3, 1) => "congestion",
        (3, 2) => "max_associations",
        _ => "other",
    };
}
