using System.Net;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Core.Runtime;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Query;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Services.DicomScp;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>An operation that a user tries without a connection: it takes the same way through a configuration as an operation of an association.</summary>
/// <param name="Method"><c>C-FIND</c> or <c>C-STORE</c>.</param>
public sealed record OfferedOperation(string Method)
{
    private const string Medium = "MEDIUM";

    /// <summary>The operations that can be tried.</summary>
    public static IReadOnlyList<string> Methods { get; } = [DimseOperation.Find.CommandName(), DimseOperation.Store.CommandName()];

    /// <summary>The AE title that is called; null for that of the first endpoint that takes the operation.</summary>
    public string? CalledAet { get; init; }

    /// <summary>AE title of the sender.</summary>
    public string CallingAet { get; init; } = "HARMONY_TRY";

    /// <summary>The identifier of a C-FIND, with its level (0008,0052).</summary>
    public DicomDataSet Identifier { get; init; } = DicomDataSet.Empty;

    /// <summary>The object of a C-STORE, as a Part 10 file.</summary>
    public ReadOnlyMemory<byte> File { get; init; }

    private DimseOperation Operation => Method == DimseOperation.Store.CommandName() ? DimseOperation.Store : DimseOperation.Find;

    /// <summary>Finds the endpoint, and makes the request that goes through its pipeline.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="requestId">Id of the request.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The request, or why there is none.</returns>
    /// <exception cref="GatewayException"><see cref="FaultKind.Malformed"/>: the file is no DICOM object.</exception>
    public async ValueTask<(EnteredOperation? Entered, string Reason)> EnterAsync(GatewaySnapshot snapshot, string requestId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var routes = DimseEndpoints.Of(snapshot).SelectMany(l => l.Routes.Select(r => (l.Binding.Network, Route: r)))
            .Where(r => SettingsOf(r.Route).Operations.Contains(Operation)).ToList();
        if (routes.Count == 0) return (null, $"no dicom_scp endpoint takes {Method}");
        var called = routes.FindIndex(r => CalledAet is null || SettingsOf(r.Route).AeTitle == CalledAet);
        if (called < 0) called = routes.FindIndex(r => !SettingsOf(r.Route).RequiresCalledAeTitle);
        if (called < 0)
        {
            return (null, $"no endpoint that takes {Method} has the AE title '{CalledAet}'; there are "
                + $"{Listed(routes.Select(r => SettingsOf(r.Route).AeTitle))}");
        }

        var (network, route) = routes[called];
        var settings = SettingsOf(route);
        if (settings.Acceptor.Policy.CallingAeTitles is { } allowed && !allowed.Contains(CallingAet))
        {
            return (null, $"endpoint '{route.EndpointName}' rejects associations from '{CallingAet}'; --calling may be "
                + $"{Listed(allowed.Order(StringComparer.Ordinal))}");
        }

        var association = new AssociationInfo
        {
            CallingAeTitle = CallingAet,
            CalledAeTitle = CalledAet ?? settings.AeTitle,
            PresentationContexts = [],
            Peer = new UserInformation(),
            RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        };
        var request = Operation == DimseOperation.Store
            ? await StoreAsync(route, settings, association, requestId, ct)
            : Find(route, settings, association, requestId, ct);
        return (new EnteredOperation(Operation, network, route, request), "");
    }

    private async ValueTask<RequestEnvelope> StoreAsync(
        RouteTarget route, ScpSettings settings, AssociationInfo association, string requestId, CancellationToken ct)
    {
        var command = IdentifierWrapper.Command(1, "", Medium);
        var dicom = await DicomObject.ReadAsync(new MemoryStream(File.ToArray()), settings.MaxHeader, command, ct);
        var (sopClass, instance) = (dicom.Meta.MediaStorageSopClassUid ?? "", dicom.Meta.MediaStorageSopInstanceUid ?? "");
        command["sop_class_uid"] = sopClass;
        return RequestReader.Store(route, association, requestId, isTraced: false, (sopClass, instance, dicom.Meta.TransferSyntax?.Uid ?? ""), dicom, ct);
    }

    private RequestEnvelope Find(RouteTarget route, ScpSettings settings, AssociationInfo association, string requestId, CancellationToken ct)
    {
        QueryLevel? level = QueryLevels.TryParse(Identifier.GetString(DicomTag.QueryRetrieveLevel), out var named) ? named : null;
        var model = level == QueryLevel.Patient ? Uid.FINDPatientRootQueryRetrieveInformationModel : Uid.FINDStudyRootQueryRetrieveInformationModel;
        var call = new DimseCall
        {
            Operation = DimseOperation.Find, SopClassUid = model, Level = level, MaxResults = settings.MaxResults, Identifier = Identifier,
        };
        return RequestReader.Query(route, association, requestId, isTraced: false, call, IdentifierWrapper.Command(1, model, Medium), ct);
    }

    private static string Listed(IEnumerable<string> titles) => string.Join(", ", titles.Select(t => $"'{t}'"));

    private static ScpSettings SettingsOf(RouteTarget route) => ((DicomScpEndpoint)route.Endpoint).Settings;
}

/// <summary>An operation that has entered a pipeline, and what its sender is told of what becomes of it.</summary>
public sealed class EnteredOperation
{
    private readonly DimseOperation _operation;

    internal EnteredOperation(DimseOperation operation, string network, RouteTarget route, RequestEnvelope request)
        => (_operation, Network, Route, Request) = (operation, network, route, request);

    /// <summary>The network that it came in by.</summary>
    public string Network { get; }

    /// <summary>Where it leads.</summary>
    public RouteTarget Route { get; }

    /// <summary>The request; the caller disposes it.</summary>
    public RequestEnvelope Request { get; }

    /// <summary>The status for an answer: <c>A700 out of resources</c>.</summary>
    public string StatusOf(ResponseEnvelope response) => $"{DimseStatuses.Of(response, _operation)}";

    /// <summary>The status for a refusal.</summary>
    public string StatusOf(Refusal refusal) => $"{DimseStatuses.Of(refusal, _operation)}";

    /// <summary>The status for a fault.</summary>
    public string StatusOf(GatewayException fault) => $"{DimseStatuses.Of(fault, _operation)}";
}
