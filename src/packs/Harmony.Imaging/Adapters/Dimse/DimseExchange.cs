using System.Diagnostics;
using System.Net;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Http.Adapters.Http;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Adapters.Dimse;

/// <summary>
/// One operation on its way through a pipeline. Disposing it ends it: the answer lets go of its backend, and metrics, access log and trace learn
/// how it went.
/// </summary>
internal sealed class DimseExchange : IAsyncDisposable
{
    private const int SubOperationsFailed = 502; // what HTTP would say

    private readonly DimseRoute _route;
    private readonly AssociationInfo _association;
    private readonly DimseOperation _operation;
    private readonly string _method;
    private readonly long _started;
    private readonly Activity? _span;
    private readonly IDisposable? _scope;
    private readonly bool _isCounted;
    private RequestEnvelope? _request;
    private ResponseEnvelope? _response;
    private int _status = RouteMetrics.Aborted;
    private string? _reason;
    private DimseStatus? _told;

    public DimseExchange(DimseRoute route, DimseOperation operation, AssociationInfo association)
    {
        (_route, _association) = (route, association);
        (_operation, _method) = (operation, operation.CommandName());
        _started = route.Clock.GetTimestamp();
        _span = Begin(route, _method);
        RequestId = RequestIds.From(null);
        _scope = route.Logger.BeginScope(new RequestScope(RequestId));
        _isCounted = route.Target.Metrics.Enter();
    }

    /// <summary>Identifies the operation in logs and towards backends.</summary>
    public string RequestId { get; }

    /// <summary>Whether its steps are traced.</summary>
    public bool IsTraced => _span is not null;

    /// <summary>Bytes of the object or identifier that were read.</summary>
    public long BytesIn { get; set; }

    /// <summary>Steps 3 to 7 are the pipeline's.</summary>
    /// <returns>An answer that is no failure.</returns>
    /// <exception cref="DimseException">It is one.</exception>
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, CancellationToken ct)
    {
        _request = request;
        _response = await _route.Target.Pipeline.RunAsync(request, _route.Target.Endpoint, ct);
        if (_response.Refusal is { } refusal) throw new DimseException(Refused(refusal), Comment);
        var status = DimseStatuses.Of(_response, _operation);
        _told = status;
        if (!status.IsFailure) return _response;
        _status = _response.Status >= 400 ? _response.Status : 500;
        throw new DimseException(status, Comment);
    }

    /// <summary>Notes that the operation went well.</summary>
    public void Succeeded()
    {
        _status = _response?.Status is >= 200 and < 400 and var status ? status : 200;
        _told ??= DimseStatus.Success;
    }

    /// <summary>
    /// Notes how a retrieval ended: all objects sent is a success, some of them too, none is a failure. One that was cancelled stays unanswered.
    /// </summary>
    public void Ended(DimseResult result)
    {
        _told = result.Status;
        if (result.Status.IsFailure) _status = SubOperationsFailed;
        else if (!result.Status.IsCancel) Succeeded();
    }

    /// <summary>Does something that may fail, and notes why it did.</summary>
    public async ValueTask<T> TryAsync<T>(Func<ValueTask<T>> work, CancellationToken ct)
    {
        try
        {
            return await work();
        }
        catch (Exception e)
        {
            throw Failed(e, ct);
        }
    }

    /// <summary>Notes why an operation failed.</summary>
    /// <returns>The exception to throw: it becomes the response, unless the client no longer waits.</returns>
    public Exception Failed(Exception e, CancellationToken ct)
    {
        _span.Failed(e);
        switch (e)
        {
            case DimseException dimse:
                _told = dimse.Result.Status;
                if (_status == RouteMetrics.Aborted) _status = 500;
                return e;
            case AssociationEndedException or GatewayException { Kind: FaultKind.ClientGone }:
            case var _ when ct.IsCancellationRequested:
                return e is OperationCanceledException ? e : new OperationCanceledException("the client no longer waits for the response", e, ct);
            case GatewayException { FaultSource: FaultSource.Client } fault:
                DimseLog.ClientFault(_route.Logger, _method, _route.Target.Pipeline.Name, fault.Kind, fault.Message);
                return new DimseException(Faulted(fault), Comment, e);
            case GatewayException fault:
                DimseLog.Fault(_route.Logger, _method, _route.Target.Pipeline.Name, fault.Kind, fault.FaultSource, fault.Message, fault);
                return new DimseException(Faulted(fault), Comment, e);
            default:
                DimseLog.Unforeseen(_route.Logger, _method, _route.Target.Pipeline.Name, e);
                return new DimseException(Faulted(new GatewayException(FaultSource.Gateway, FaultKind.Internal, $"unexpected {e.GetType().Name}")),
                    Comment, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_response is not null) await _response.DisposeAsync();
        _request?.Dispose();
        if (_isCounted) _route.Target.Metrics.Leave();
        End();
        _scope?.Dispose();
        _span?.Dispose();
    }

    private static Activity? Begin(DimseRoute route, string method)
    {
        if (!HarmonyTrace.Source.HasListeners() || Random.Shared.NextDouble() >= route.SampleRatio) return null;
        return HarmonyTrace.Source.StartActivity("request", ActivityKind.Server, default(ActivityContext))
            ?.SetTag("harmony.network", route.Network).SetTag("harmony.pipeline", route.Target.Pipeline.Name)
                .SetTag("harmony.endpoint", route.Target.EndpointName)
            .SetTag("dimse.operation", method);
    }

    /// <summary>The user who reports a failure can name it.</summary>
    private string Comment => $"request {RequestId}";

    /// <summary>Log and metrics have one column for statuses of all protocols: HTTP's. The sender gets DIMSE's own.</summary>
    private DimseStatus Faulted(GatewayException fault)
    {
        _reason = fault.Message;
        _status = FaultStatuses.Of(fault);
        _told = DimseStatuses.Of(fault, _operation);
        return _told.Value;
    }

    private DimseStatus Refused(Refusal refusal)
    {
        _reason = refusal.Reason;
        _status = FaultStatuses.Of(refusal);
        return DimseStatuses.Of(refusal, _operation);
    }

    private void End()
    {
        var elapsed = _route.Clock.GetElapsedTime(_started);
        if (_span is not null)
        {
            _span.DisplayName = $"pipeline {_route.Target.Pipeline.Name}";
            if (_status != RouteMetrics.Aborted) _span.Answered(_status);
        }

        _route.Target.Metrics.Ended(_request?.ChosenBackend ?? -1, _status, elapsed, BytesIn, sent: 0);
        _route.Runtime.AccessLog.Current?.Write(Record(elapsed));
        if (_status is RouteMetrics.Aborted or >= 400) _route.Runtime.Failures.Current?.Write(Record(elapsed));
        if (_operation == DimseOperation.Store) StoreTally.Of(_association).Note(isStored: _status is >= 200 and < 400);
        if (_status == RouteMetrics.Aborted) DimseLog.ClientGone(_route.Logger, _method, _route.Target.Pipeline.Name);
        else DimseLog.Answered(_route.Logger, _method, _route.Target.Pipeline.Name, _status, elapsed.TotalMilliseconds);
    }

    private AccessRecord Record(TimeSpan elapsed) => new()
    {
        Time = _route.Clock.GetUtcNow() - elapsed,
        Duration = elapsed,
        RequestId = RequestId,
        ClientAddress = (_association.RemoteEndPoint as IPEndPoint)?.Address,
        User = _request?.Identity?.Subject,
        Protocol = "DIMSE",
        Method = _method,
        Path = $"/{_method.ToLowerInvariant()}",
        Status = _status == RouteMetrics.Aborted ? AccessRecord.ClientClosedRequest : _status,
        BytesIn = BytesIn,
        BytesOut = 0, // objects and matches are counted by nobody
        Network = _route.Network,
        Pipeline = _route.Target.Pipeline.Name,
        Endpoint = _route.Target.EndpointName,
        Backend = _request is { ChosenBackend: >= 0 and var chosen } ? _route.Target.Pipeline.BackendNames[chosen] : null,
        Target = _request?.AskedTarget,
        Reason = _reason,
        TraceId = _span?.TraceId.ToHexString(),
        Dimse = new DimseRecord
        {
            CallingAet = _association.CallingAeTitle,
            CalledAet = _association.CalledAeTitle,
            Status = _told is { } told && _status != RouteMetrics.Aborted ? $"{told.Code:X4}" : null,
            SopClassUid = _request?.MetadataIfSet(DicomMetadataKeys.SopClassUid),
            StudyUid = _request?.MetadataIfSet("StudyInstanceUID"),
            SeriesUid = _request?.MetadataIfSet("SeriesInstanceUID"),
            InstanceUid = _request?.MetadataIfSet("SOPInstanceUID"),
            PatientId = _request?.MetadataIfSet("PatientID"),
        },
    };
}
