using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Http.Services.Targets;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Services.DicomScu.Operations;
using Harmony.Imaging.Services.DicomScu.Receiving;
using Harmony.Imaging.Services.DicomScu.Retrieved;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>Asks one of its targets by DIMSE and answers in JSON: echo, find, get, move, store.</summary>
internal sealed class DicomScuBackend : IBackend, IAsyncDisposable
{
    private const int DefaultMaxRetries = 3;

    private readonly string _name;
    private readonly TargetGroup<DicomTarget> _targets;
    private readonly DimseOperation _retrieveMode;
    private readonly int _maxRetries;
    private readonly bool _isPersistent;
    private readonly QueryReader _queries;
    private readonly MoveReceiver _receiver;
    private readonly RetrievedSweeper? _sweeper;
    private readonly ScuEcho _echo;
    private readonly ScuFind _find;
    private readonly ScuRetrieve _retrieve;
    private readonly ScuStore _store;
    private readonly ILogger _logger;

    private DicomScuBackend(DicomScuOptions options, BackendContext context, TargetGroup<DicomTarget> targets, IncomingPort port, ILogger logger)
    {
        (_name, _targets, _logger) = (context.Name, targets, logger);
        var clock = context.Environment.Clock;
        _isPersistent = options.PersistentStoreScp;
        Listeners =
        [
            new BackendListener(options.IncomingStoreAddress, options.IncomingStorePort, $"backend '{context.Name}'", options.LocationOf("incoming_store_port"))
            {
                SharedAs = port, IsDefault = !options.PersistentStoreScp && !options.Gives("incoming_store_port"),
            },
        ];
        _retrieveMode = options.DimseRetrieveMode == "move" ? DimseOperation.Move : DimseOperation.Get;
        _maxRetries = options.MaxRetries ?? context.Targets.Select(t => t.MaxRetries).FirstOrDefault(n => n is not null) ?? DefaultMaxRetries;
        _queries = new QueryReader(context.Environment.Limits);
        _receiver = new MoveReceiver(port, targets.All[0].Node.LocalAeTitle, logger);
        var folders = new RetrievedFolders(RetrievalFolders.Root(options.StorageDir, context.Config), TimeSpan.FromSeconds(options.RetrievedKeepSecs), clock);
        _sweeper = options.RetrievedKeepSecs == 0 ? null : new RetrievedSweeper(folders, clock, logger);
        var attempts = new ScuAttempts(targets, _maxRetries, clock, logger);
        _echo = new ScuEcho(attempts);
        _find = new ScuFind(attempts, options.MaxResults);
        _retrieve = new ScuRetrieve(attempts, _find, _receiver, folders);
        _store = new ScuStore(attempts);
    }

    public IReadOnlyList<string> Targets => [.. _targets.All.Select(t => t.Name == _name ? t.Url : $"{t.Name} {t.Url}")];

    public IReadOnlyList<ITarget> LiveTargets => _targets.All;

    public IReadOnlyList<BackendListener> Listeners { get; }

    public BackendFacts Facts => new()
    {
        Targets = [.. _targets.All.Select(t => new TargetFacts(t.Name, t.Url) { Weight = t.Weight })],
        TimeoutSecs = (int)_targets.All[0].Node.Timeout.TotalSeconds,
        MaxRetries = _maxRetries,
        LoadBalancing = _targets.LoadBalancing,
    };

    public static DicomScuBackend? Create(DicomScuOptions options, BackendContext context)
    {
        if (new DicomNodeBuilder(options, context).Build() is not { } nodes) return null;
        var logger = context.Environment.Loggers.CreateLogger("harmony.dicom_scu");
        var builder = new DicomTargetBuilder(options, context);
        var built = nodes.Select(builder.Build).ToArray();
        var targets = new TargetGroup<DicomTarget>(context.Name, options.LoadBalancing, built, builder.CheckersOf(built));
        return new DicomScuBackend(options, context, targets, IncomingPortBuilder.Build(options, nodes[0], context.Environment, logger), logger);
    }

    public void Activate()
    {
        _targets.Activate();
        _sweeper?.Start();
        if (_isPersistent) _receiver.KeepOpen();
    }

    public void Deactivate()
    {
        _targets.Deactivate();
        _sweeper?.Stop();
    }

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        var operation = OperationChoice.Of(request, _retrieveMode);
        var choice = new TargetChoice(_targets, request) { IsSettledByAnswer = operation != DimseOperation.Store };
        using var scope = _logger.BeginScope(new RequestScope(request.RequestId));
        try
        {
            var response = await RunAsync(operation, request, choice, ct);
            if (response.Status >= 500) Failed(operation, choice, choice.Reason ?? "not all was done");
            return response;
        }
        catch (Exception e) when (ScuFaults.IsExpected(e) && !ct.IsCancellationRequested)
        {
            Failed(operation, choice, ScuFaults.Words(e));
            var response = DimseAnswers.Failure(request, operation, 500, ScuFaults.Answer(e));
            if (ScuFaults.StatusOf(e, operation) is { } status) new DimseOutcome(status).AddTo(response);
            return response;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _targets.DisposeAsync();
        if (_sweeper is not null) await _sweeper.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private async ValueTask<ResponseEnvelope> RunAsync(DimseOperation operation, RequestEnvelope request, TargetChoice choice, CancellationToken ct) => operation switch
    {
        DimseOperation.Echo => await _echo.RunAsync(request, choice, ct),
        DimseOperation.Store => await _store.RunAsync(request, choice, ct),
        DimseOperation.Find => await _find.RunAsync(request, choice, await _queries.ReadAsync(request, ct), ct),
        _ => await _retrieve.RunAsync(operation, request, choice, await _queries.ReadAsync(request, ct), ct),
    };

    private void Failed(DimseOperation operation, TargetChoice choice, string reason)
        => DicomScuLog.Failed(_logger, _name, operation.Name(), choice.Current?.Node.Described ?? "its targets", reason);
}
