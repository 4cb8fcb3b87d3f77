using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Modules.Dicom;
using Harmony.Modules.Dicom.Answers;
using Harmony.Modules.Dicom.Requests;
using Harmony.Modules.Services.DicomScu.Operations;
using Harmony.Modules.Services.DicomScu.Receiving;
using Harmony.Modules.Services.Http.Targets;
using Microsoft.Extensions.Logging;

namespace Harmony.Modules.Services.DicomScu;

/// <summary>Asks a system by DIMSE and answers in JSON: echo, find, get, move, store.</summary>
internal sealed class DicomScuBackend : IBackend, IAsyncDisposable
{
    private const int DefaultMaxRetries = 3;

    private readonly string _name;
    private readonly DicomNode _node;
    private readonly DimseOperation _retrieveMode;
    private readonly int _maxRetries;
    private readonly bool _isPersistent;
    private readonly QueryReader _queries;
    private readonly MoveReceiver _receiver;
    private readonly ScuEcho _echo;
    private readonly ScuFind _find;
    private readonly ScuRetrieve _retrieve;
    private readonly ScuStore _store;
    private readonly ILogger _logger;

    private DicomScuBackend(DicomScuOptions options, BackendContext context, DicomNode node, NodeAssociations associations, IncomingPort port, ILogger logger)
    {
        (_name, _node, _logger) = (context.Name, node, logger);
        _isPersistent = options.PersistentStoreScp;
        _retrieveMode = options.DimseRetrieveMode == "move" ? DimseOperation.Move : DimseOperation.Get;
        _maxRetries = options.MaxRetries ?? context.Targets[0].MaxRetries ?? DefaultMaxRetries;
        _queries = new QueryReader(context.Environment.Limits);
        _receiver = new MoveReceiver(port, node.LocalAeTitle, logger);
        var attempts = new ScuAttempts(_name, _maxRetries, associations, context.Environment.Clock, logger);
        _echo = new ScuEcho(node, attempts);
        _find = new ScuFind(node, attempts, options.MaxResults);
        _retrieve = new ScuRetrieve(node, attempts, _find, _receiver, RetrievalFolders.Root(options.StorageDir, context.Config));
        _store = new ScuStore(attempts);
    }

    public IReadOnlyList<string> Targets => [_node.Name == _name ? _node.Url : $"{_node.Name} {_node.Url}"];

    public BackendFacts Facts => new()
    {
        Targets = [new TargetFacts(_node.Name, _node.Url)],
        TimeoutSecs = (int)_node.Timeout.TotalSeconds,
        MaxRetries = _maxRetries,
    };

    public static DicomScuBackend? Create(DicomScuOptions options, BackendContext context)
    {
        var builder = new DicomNodeBuilder(options, context);
        if (builder.Build() is not { } node) return null;
        var (carried, clock) = (context.Environment.Carried, context.Environment.Clock);
        var logger = context.Environment.Loggers.CreateLogger("harmony.dicom_scu");
        var associations = carried.Get($"{context.File}/backends.{context.Name}", node, () => new NodeAssociations(node, builder.Tls, clock));
        var incoming = builder.Incoming;
        var port = carried.Get("dicom_scu/incoming", incoming, () => new IncomingPort(incoming, builder.IncomingTls, clock, logger));
        return new DicomScuBackend(options, context, node, associations, port, logger);
    }

    public void Activate()
    {
        if (_isPersistent) _receiver.KeepOpen();
    }

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        var operation = OperationChoice.Of(request, _retrieveMode);
        request.AskedTarget = _node.Name;
        using var scope = _logger.BeginScope(new RequestScope(request.RequestId));
        using var span = request.IsTraced ? HarmonyTrace.Step("target", _node.Name, isCall: true) : null;
        try
        {
            var response = await RunAsync(operation, request, ct);
            span.Answered(response.Status);
            if (response.Status >= 500) Failed(operation, "not all was done; the answer says more");
            return response;
        }
        catch (Exception e) when (ScuFaults.IsExpected(e) && !ct.IsCancellationRequested)
        {
            span.Failed(e);
            Failed(operation, ScuFaults.Words(e));
            var response = DimseAnswers.Failure(request, operation, 500, ScuFaults.Answer(e));
            if (ScuFaults.StatusOf(e) is { } status) response.Metadata[DicomMetadataKeys.DicomStatus] = ScuFaults.Code(status);
            return response;
        }
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private async ValueTask<ResponseEnvelope> RunAsync(DimseOperation operation, RequestEnvelope request, CancellationToken ct) => operation switch
    {
        DimseOperation.Echo => await _echo.RunAsync(request, ct),
        DimseOperation.Store => await _store.RunAsync(request, ct),
        DimseOperation.Find => await _find.RunAsync(request, await _queries.ReadAsync(request, ct), ct),
        _ => await _retrieve.RunAsync(operation, request, await _queries.ReadAsync(request, ct), ct),
    };

    private void Failed(DimseOperation operation, string reason)
    {
        TargetMetrics.Failed(_name, _node.Name);
        DicomScuLog.Failed(_logger, _name, operation.Name(), _node.Described, reason);
    }
}
