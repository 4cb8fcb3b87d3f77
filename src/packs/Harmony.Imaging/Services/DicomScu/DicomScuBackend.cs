using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Query;
using Harmony.Http.Services.Targets;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Dicom.Requests;
using Harmony.Imaging.Dicom.Transcoding;
using Harmony.Imaging.Services.DicomScu.Operations;
using Harmony.Imaging.Services.DicomScu.Receiving;
using Harmony.Imaging.Services.DicomScu.Retrieved;
using Harmony.Imaging.Services.DicomScu.Shared;
using Microsoft.Extensions.Logging;

namespace Harmony.Imaging.Services.DicomScu;

/// <summary>Asks one of its targets by DIMSE and answers in JSON: echo, find, get, move, store.</summary>
internal sealed class DicomScuBackend : IBackend, IAsyncDisposable
{
    private const int DefaultMaxRetries = 3;

    private readonly string _name;
    private readonly string _archive; // its name among the backends of all files
    private readonly TargetGroup<DicomTarget> _targets;
    private readonly DimseOperation _retrieveMode;
    private readonly int _maxRetries;
    private readonly bool _isPersistent;
    private readonly QueryReader _queries;
    private readonly MoveReceiver _receiver;
    private readonly RetrievedSweeper? _sweeper;
    private readonly RetrievedSweeper _sharedSweeper;
    private readonly ScuEcho _echo;
    private readonly ScuFind _find;
    private readonly ScuRetrieve _retrieve;
    private readonly ScuStore _store;
    private readonly ScuShared _shared;
    private readonly ILogger _logger;

    private DicomScuBackend(
        DicomScuOptions options, BackendContext context, TargetGroup<DicomTarget> targets, IncomingPort port, ObjectTranscoding? transcoding, ILogger logger)
    {
        (_name, _archive, _targets, _logger) = (context.Name, $"{context.File}/backends.{context.Name}", targets, logger);
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
        _store = new ScuStore(attempts, transcoding);
        var kept = new RetrievedFolders(Path.Combine(folders.Root, "shared"), TimeSpan.FromSeconds(options.RetrievalCacheSecs), clock);
        // What was retrieved under an earlier configuration is still there for the next, where the objects are those of the same systems.
        var settings = (kept.Root, options.RetrievalCacheBytes, options.RetrievalCacheSecs,
            string.Join(' ', targets.All.Select(t => $"{t.Node.LocalAeTitle} {t.Url} {t.Node.Tls}")));
        var cache = context.Environment.Carried.Get(_archive, settings, () => new RetrievalCache(
            kept, options.RetrievalCacheBytes, TimeSpan.FromSeconds(options.RetrievalCacheSecs), clock,
            reason => DicomScuLog.Failed(logger, context.Name, "get", "its targets", reason)));
        _sharedSweeper = new RetrievedSweeper(kept, clock, logger);
        _shared = new ScuShared(attempts, _find, _receiver, cache, _retrieveMode);
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
        var transcoding = ObjectTranscoding.Create(options, context, context.Problems);
        if (new DicomNodeBuilder(options, context).Build() is not { } nodes) return null;
        var logger = context.Environment.Loggers.CreateLogger("harmony.dicom_scu");
        var builder = new DicomTargetBuilder(options, context);
        var built = nodes.Select(builder.Build).ToArray();
        var targets = new TargetGroup<DicomTarget>(context.Name, options.LoadBalancing, built, builder.CheckersOf(built));
        var port = IncomingPortBuilder.Build(options, nodes[0], context.Environment, logger);
        return new DicomScuBackend(options, context, targets, port, transcoding, logger);
    }

    public void Activate()
    {
        _targets.Activate();
        _sweeper?.Start();
        _sharedSweeper.Start();
        if (_isPersistent) _receiver.KeepOpen();
    }

    public void Deactivate()
    {
        _targets.Deactivate();
        _sweeper?.Stop();
        _sharedSweeper.Stop();
    }

    public IReadOnlyList<string> Forecast(RequestEnvelope request)
    {
        var operation = OperationChoice.Of(request, _retrieveMode).CommandName();
        return [.. _targets.All.Select(t => $"{operation} at {t.Url} (target '{t.Name}')")];
    }

    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Feature<ArchiveWork>() is { } work) return await work.RunAsync(request, new ScuArchive(this, request), ct);
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
        await _shared.DisposeAsync();
        await _sharedSweeper.DisposeAsync();
        await _targets.DisposeAsync();
        if (_sweeper is not null) await _sweeper.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private async ValueTask<ResponseEnvelope> RunAsync(DimseOperation operation, RequestEnvelope request, TargetChoice choice, CancellationToken ct)
        => operation switch
        {
            DimseOperation.Echo => await _echo.RunAsync(request, choice, ct),
            DimseOperation.Store => await _store.RunAsync(request, choice, ct),
            DimseOperation.Find => await _find.RunAsync(request, choice, await _queries.ReadAsync(request, ct), ct),
            _ => await _retrieve.RunAsync(operation, request, choice, await _queries.ReadAsync(request, ct), ct),
        };

    private void Failed(DimseOperation operation, TargetChoice choice, string reason)
        => DicomScuLog.Failed(_logger, _name, operation.Name(), choice.Current?.Node.Described ?? "its targets", reason);

    /// <summary>The targets of this backend as one archive, for the work of one request.</summary>
    private sealed class ScuArchive(DicomScuBackend backend, RequestEnvelope request) : IArchive
    {
        private readonly TargetChoice _choice = new(backend._targets, request);

        public string Name => backend._archive;

        public async ValueTask<IAsyncEnumerable<DicomDataSet>> FindAsync(QueryLevel level, DicomDataSet keys, CancellationToken ct)
            => await LoggedAsync<IAsyncEnumerable<DicomDataSet>>(DimseOperation.Find, _choice,
                async () => await backend._find.BeginAsync(_choice, level, keys, ct), ct);

        public ISharedObjects Retrieve(RetrievalScope scope) => backend._shared.Join(_choice, scope);

        public ValueTask<DimseResult> StoreAsync(Stream part10, CancellationToken ct)
        {
            var choice = new TargetChoice(backend._targets, request) { IsSettledByAnswer = false };
            return LoggedAsync(DimseOperation.Store, choice, async () =>
            {
                var result = await backend._store.StoreOneAsync(part10, request, choice, ct);
                if (result.Status.IsFailure) backend.Failed(DimseOperation.Store, choice, $"status {result.Status}");
                return result;
            }, ct);
        }

        private async ValueTask<T> LoggedAsync<T>(DimseOperation operation, TargetChoice choice, Func<ValueTask<T>> work, CancellationToken ct)
        {
            try
            {
                return await work();
            }
            catch (Exception e) when (ScuFaults.IsExpected(e) && !ct.IsCancellationRequested)
            {
                backend.Failed(operation, choice, ScuFaults.Words(e));
                throw;
            }
        }
    }
}
