using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Core.Credentials;
using Harmony.Core.Envelope;
using Harmony.Core.Runtime;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Query;
using Harmony.Http.Adapters.Http;
using Harmony.Http.Tls;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>Makes the envelopes of operations. The metadata are public; their keys are listed in <c>docs/dicom.md</c>.</summary>
internal static class RequestReader
{
    /// <summary>The metadata of a stored object besides its class and instance UID, by keyword.</summary>
    private static readonly (string Keyword, DicomTag Tag)[] Told =
    [
        ("PatientID", DicomTag.PatientID), ("StudyInstanceUID", DicomTag.StudyInstanceUID), ("SeriesInstanceUID", DicomTag.SeriesInstanceUID),
            ("SOPInstanceUID", DicomTag.SOPInstanceUID),
    ];

    /// <summary>The envelope of a query or retrieval: the wrapped identifier as JSON.</summary>
    public static RequestEnvelope Query<TRequest>(DimseExchange exchange, DimseRoute route, DimseOperation operation, QueryOperation<TRequest> query,
        DimsePriority priority, CancellationToken ct)
        where TRequest : DimseRequest
    {
        var call = new DimseCall
        {
            Operation = operation,
            SopClassUid = query.Request.SopClassUid,
            Level = QueryLevels.TryParse(query.Identifier.GetString(DicomTag.QueryRetrieveLevel)?.Trim(), out var level) ? level : null,
            MaxResults = route.Endpoint.Settings.MaxResults,
            MoveDestination = (query.Request as CMoveRequest)?.MoveDestination,
            Identifier = query.Identifier,
        };
        return Query(exchange, route, query.Association, call,
            IdentifierWrapper.Command(query.Request.MessageId, query.Request.SopClassUid, Word(priority)), ct);
    }

    /// <summary>The envelope of a query for objects that the gateway makes itself, to find out for a client whether they are there.</summary>
    public static RequestEnvelope Objects(DimseExchange exchange, DimseRoute route, AssociationInfo association, DicomDataSet identifier, CancellationToken ct)
    {
        var model = Uid.FINDStudyRootQueryRetrieveInformationModel;
        var call = new DimseCall { Operation = DimseOperation.Find, SopClassUid = model, Level = QueryLevel.Image, Identifier = identifier };
        return Query(exchange, route, association, call, IdentifierWrapper.Command(0, model, Word(DimsePriority.Medium)), ct);
    }

    private static RequestEnvelope Query(DimseExchange exchange, DimseRoute route, AssociationInfo association, DimseCall call, JsonObject command,
        CancellationToken ct)
    {
        var request = Query(route.Target, association, exchange.RequestId, exchange.IsTraced, call, command, ct);
        exchange.BytesIn = request.Body.Length ?? 0;
        return request;
    }

    /// <summary>The envelope of a query or retrieval with an identifier.</summary>
    public static RequestEnvelope Query(
        RouteTarget target, AssociationInfo association, string requestId, bool isTraced, DimseCall call, JsonObject command, CancellationToken ct)
    {
        var body = Body.FromBytes(JsonSerializer.SerializeToUtf8Bytes(IdentifierWrapper.Write(command, call.Identifier!)));
        var request = Envelope(target, association, call.Operation!.Value.CommandName(), requestId, isTraced, body, Typed("application/json"), ct);
        call.AddTo(request);
        return request;
    }

    /// <summary>The envelope of an object that is stored: a Part 10 stream.</summary>
    public static RequestEnvelope Store(DimseExchange exchange, DimseRoute route, StoreOperation operation, DicomObject dicom, CancellationToken ct)
    {
        var (sopClass, instance) = (operation.Request.SopClassUid, operation.Request.SopInstanceUid);
        return Store(route.Target, operation.Association, exchange.RequestId, exchange.IsTraced, (sopClass, instance, operation.TransferSyntax.Uid), dicom, ct);
    }

    /// <summary>The envelope of an object.</summary>
    public static RequestEnvelope Store(
        RouteTarget target, AssociationInfo association, string requestId, bool isTraced, (string SopClass, string Instance, string Syntax) uids,
        DicomObject dicom, CancellationToken ct)
    {
        var body = Body.FromStream(dicom.Content, null, dicom);
        var request = Envelope(target, association, DimseOperation.Store.CommandName(), requestId, isTraced, body, Typed(DicomMediaType.Object), ct);
        new DimseCall { Operation = DimseOperation.Store, SopClassUid = uids.SopClass }.AddTo(request);
        request.SetFeature(dicom);
        request.SetFeature(AssociationGroups.Of(association));
        request.Metadata[DicomMetadataKeys.TransferSyntaxUid] = uids.Syntax;
        Describe(request, uids.SopClass, uids.Instance, dicom);
        // A step that gives the object another identity gives it to the metadata too, or names of files would keep the old one.
        dicom.OnChanged = () => Describe(request, dicom.Meta.MediaStorageSopClassUid ?? "", dicom.Meta.MediaStorageSopInstanceUid ?? "", dicom);
        return request;
    }

    /// <summary>The envelope of a request for an association, for steps that authenticate: nothing is asked for yet.</summary>
    public static RequestEnvelope Association(DimseRoute route, AssociationInfo association, CancellationToken ct)
        => Envelope(route.Target, association, "A-ASSOCIATE", RequestIds.From(null), isTraced: false, Body.Empty(), new HeaderFields(1), ct);

    /// <summary>The properties of a request besides its object.</summary>
    public static JsonObject CommandOf(CStoreRequest request)
        => IdentifierWrapper.Command(request.MessageId, request.SopClassUid, Word(request.Priority));

    private static void Describe(RequestEnvelope request, string sopClassUid, string sopInstanceUid, DicomObject dicom)
    {
        var metadata = request.Metadata;
        metadata[DicomMetadataKeys.SopClassUid] = sopClassUid;
        metadata[DicomMetadataKeys.SopInstanceUid] = sopInstanceUid;
        metadata[DicomMetadataKeys.File] = $"{sopInstanceUid}.dcm";
        foreach (var (keyword, tag) in Told)
        {
            if (dicom.Header.GetString(tag) is { } value) metadata[keyword] = value;
            else metadata.Remove(keyword);
        }
    }

    private static HeaderFields Typed(string contentType)
    {
        var headers = new HeaderFields(2);
        headers.Add("content-type", contentType);
        return headers;
    }

    private static RequestEnvelope Envelope(
        RouteTarget target, AssociationInfo association, string name, string requestId, bool isTraced, Body body, HeaderFields headers, CancellationToken ct)
    {
        // Only if a middleware needs the credentials and removes them again: a backend must not see a passcode that was not asked for.
        if (target.Pipeline.Authenticates && AssociationCredentials.Of(association.Peer.UserIdentity) is { } credentials)
        {
            headers.Add(AuthorizationField.Name, credentials);
        }

        var path = $"/{name.ToLowerInvariant()}";
        var address = (association.RemoteEndPoint as IPEndPoint)?.Address;
        if (address is { IsIPv4MappedToIPv6: true }) address = address.MapToIPv4();
        var request = new RequestEnvelope
        {
            Protocol = Services.DicomScp.DicomScpEndpoint.ProtocolName,
            Method = name,
            Scheme = "dimse",
            Host = "scp",
            Path = path,
            PathBelowPrefix = path,
            Headers = headers,
            Body = body,
            RemoteAddress = address,
            ClientAddress = address,
            RequestId = requestId,
            EndpointName = target.EndpointName,
            IsTraced = isTraced,
            Aborted = ct,
        };
        request.Metadata[DicomMetadataKeys.CallingAet] = association.CallingAeTitle;
        request.Metadata[DicomMetadataKeys.CalledAet] = association.CalledAeTitle;
        if (association.PeerCertificate is { } certificate) request.Identify(ClientIdentity.Of(certificate));
        return request;
    }

    private static string Word(DimsePriority priority) => priority.ToString().ToUpperInvariant();
}
