using System.Net;
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
        _metrics.Rejected();
        DimseLog.Rejected(route.Logger, route.Target.EndpointName, callingAeTitle, Client(remote), calledAeTitle, rejection.ToString());
    }

    public void Ended(AssociationInfo? association, EndPoint? remote, AssociationEnd end)
    {
        if (association is not null) _metrics.Closed();
        if (end.Kind == AssociationEndKind.ProtocolError) DimseLog.Broken(route.Logger, Client(remote), route.Target.EndpointName, end.Detail);
        else if (end.Kind != AssociationEndKind.Rejected) DimseLog.Ended(route.Logger, route.Target.EndpointName, end.Detail);
    }

    public void HandlerFailed(AssociationInfo association, DimseRequest request, Exception exception)
        => DimseLog.Unforeseen(route.Logger, request.GetType().Name, route.Target.Pipeline.Name, exception);

    private static string Client(EndPoint? remote) => (remote as IPEndPoint)?.Address.ToString() ?? "-";
}
