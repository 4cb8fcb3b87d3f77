using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Runtime;
using Harmony.Packages.Jmix;
using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>
/// Answers requests of a <c>jmix</c> endpoint from its package store. If the store does not have a study, the middleware asks the backend for it and builds a
/// package of the objects, once for all requests that wait for the study. Behind <c>dicom_scp</c> the middleware gathers objects by study, builds a package
/// when no more objects come, and delivers the package to the backend. All of that happens in the place of the backend, after the middleware behind this one,
/// such as policies, has let the request pass.
/// </summary>
internal sealed class JmixBuilderMiddleware : ISendsRequests, IResponseMiddleware, IAsyncDisposable
{
    private const string StoreFolder = "jmix-store";

    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1), RefreshEvery = TimeSpan.FromMinutes(5), SweepEvery = TimeSpan.FromMinutes(10);

    private readonly string _name;
    private readonly JmixBuilderOptions _options;
    private readonly PackageShelf _shelf;
    private readonly ConcurrentDictionary<string, Lazy<PackageShelf>> _others = new(StringComparer.Ordinal);
    private readonly PackageRecipe _recipe;
    private readonly DeliveryPipelines _pipelines = new();
    private readonly GatheredStudies _gathered;
    private readonly ContentReader _content;
    private readonly string _retrievalRoot;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ending = new();
    private BackgroundLoop? _trimming;
    private BackgroundLoop? _refreshing;
    private BackgroundLoop? _sweeping;

    private JmixBuilderMiddleware(JmixBuilderOptions options, MiddlewareContext context, PackageRecipe recipe, ILogger logger)
    {
        (_name, _options, _recipe, _logger, _clock) = (context.Name, options, recipe, logger, context.Environment.Clock);
        var place = Path.Combine(Core.Storage.StateFolder.Of(context.Config.Storage.Options), StoreFolder);
        _shelf = options.StoreDir is { } folder ? Open(folder)
            : context.Config.Storage.Backend == "filesystem" ? Open(place)
            : Open(place, () => context.Environment.OpenStorage(StoreFolder), context.Config.Storage.Options);
        _gathered = new GatheredStudies(_name, _shelf, recipe, options, _clock, logger);
        _content = new ContentReader(context.Environment.Limits);
        _retrievalRoot = Path.GetFullPath(Core.Storage.StateFolder.Of(context.Config.Storage.Options));
    }

    private IEnumerable<PackageShelf> Shelves => _others.Values.Select(o => o.Value).Append(_shelf);

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public IReadOnlyList<string> Words => [$"packages in {_shelf.Store.Description}"];

    public static JmixBuilderMiddleware? Create(JmixBuilderOptions options, MiddlewareContext context)
    {
        if (PackageRecipe.Create(options, context) is not { } recipe) return null;
        return new JmixBuilderMiddleware(options, context, recipe, context.Environment.Loggers.CreateLogger("harmony.jmix"));
    }

    public void Connect(string pipeline, RequestSender send) => _pipelines.Connect(pipeline, send);

    public void Activate()
    {
        try
        {
            _shelf.Store.Prepare();
            _ = _gathered.Track(_ => StartStoreAsync(_ending.Token));
        }
        catch (GatewayException e)
        {
            PackagesLog.NotStarted(_logger, _name, e.Message); // requests that need the store are told the same
        }

        _gathered.Start();
        _shelf.Delivery.Start();
        if (_shelf.Store.IsShared) _refreshing = BackgroundLoop.Start($"looking for the packages of others in the store of '{_name}'", RefreshEvery,
            _shelf.Store.RefreshAsync, _clock, _logger);
        _sweeping = BackgroundLoop.Start($"sweeping the uploads of '{_name}'", SweepEvery, async ct =>
        {
            foreach (var shelf in Shelves) await shelf.Resumable.SweepAsync(ct);
        }, _clock, _logger);
        var limits = new PackageLimits(_options.MaxPackages, _options.MaxStoreBytes, TimeSpan.FromSeconds(_options.KeepSecs));
        if (limits is { MaxPackages: 0, MaxBytes: 0 } && limits.MaxAge == TimeSpan.Zero) return;
        _trimming = BackgroundLoop.Start($"trimming the packages of '{_name}'", TrimEvery, async ct =>
        {
            foreach (var shelf in Shelves)
            {
                if (await shelf.Store.TrimAsync(limits, ct) is > 0 and var count) PackagesLog.Trimmed(_logger, _name, count);
            }
        }, _clock, _logger);
    }

    public void Deactivate()
    {
        _gathered.Stop();
        foreach (var shelf in Shelves) shelf.Delivery.Stop();
    }

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Feature<JmixCall>() is { } call)
        {
            if (call.Operation is JmixOperation.Study or JmixOperation.Prime) Ask(request, call);
            request.AroundBackend = (backend, cancellation) => AnswerAsync(request, call, backend, cancellation);
        }
        else if (request.Method == "C-STORE")
        {
            request.AroundBackend = (_, cancellation) => _gathered.AddAsync(request, cancellation);
        }

        return new(MiddlewareResult.Continue);
    }

    /// <summary>Does nothing: older configurations list the middleware on both sides.</summary>
    public ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct) => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_trimming is not null) await _trimming.DisposeAsync();
        if (_refreshing is not null) await _refreshing.DisposeAsync();
        if (_sweeping is not null) await _sweeping.DisposeAsync();
        await _gathered.DisposeAsync();
        _ending.Dispose();
        foreach (var shelf in Shelves) await shelf.DisposeAsync();
        _recipe.Dispose();
    }

    /// <summary>Replaces the body by a query for the study, for the middleware behind this one and the backend.</summary>
    private static void Ask(RequestEnvelope request, JmixCall call)
    {
        request.Metadata["query_level"] = "STUDY";
        request.Metadata["dimse_op"] = request.Metadata.TryGetValue("dimse_op", out var operation) && operation is "get" or "move" ? operation! : "get";
        request.Body.Replace(new JsonObject
        {
            ["dimse_identifier"] = new JsonObject
            {
                ["StudyInstanceUID"] = new JsonObject
                {
                    ["vr"] = "UI",
                    ["Value"] = new JsonArray(call.StudyInstanceUid)
                }
            }
        });
    }

    private async Task StartStoreAsync(CancellationToken ct)
    {
        try
        {
            await _shelf.Store.StartAsync(ct);
        }
        catch (OperationCanceledException)
        {
            // The configuration was replaced before its store had started.
        }
        catch (GatewayException e)
        {
            PackagesLog.NotStarted(_logger, _name, e.Message); // requests that need the store are told the same, and try again
        }
    }

    private PackageShelf Open(string root, Func<Core.Storage.IObjectStore?>? open = null, object? objects = null)
        => new(_name, PackageStore.Use(root, _clock, _logger, open, objects), _recipe, TimeSpan.FromSeconds(_options.UploadKeepSecs), _pipelines, _clock,
            _logger);

    private PackageShelf OpenOther(string root)
    {
        var shelf = Open(root);
        if (_options.Forward) shelf.Delivery.Start();
        return shelf;
    }

    private PackageShelf ShelfOf(RequestEnvelope request)
        => request.Feature<JmixEndpointOptions>()?.StoreDir is { } root ? _others.GetOrAdd(root, r => new Lazy<PackageShelf>(() => OpenOther(r))).Value
            : _shelf;

    private async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, JmixCall call, RequestSender backend, CancellationToken ct)
    {
        var shelf = ShelfOf(request);
        switch (call.Operation)
        {
            case JmixOperation.Package:
                return await ArchiveAsync(shelf, request, call, call.Id, ct) ?? JmixAnswers.NotFound(request);
            case JmixOperation.Manifest:
                return await ManifestAsync(shelf.Store, request, call.Id, ct);
            case JmixOperation.Delete:
                return await shelf.Store.DeleteAsync(call.Id, ct) ? new ResponseEnvelope(request, 204) : JmixAnswers.NotFound(request);
            case JmixOperation.Upload:
                return await shelf.Upload.AnswerAsync(request, ct);
            case JmixOperation.Resumable:
                return await shelf.Resumable.AnswerAsync(request, call.Id, ct);
            default:
                return await StudyAsync(shelf, request, call, backend, ct);
        }
    }

    private static async ValueTask<ResponseEnvelope?> ArchiveAsync(PackageShelf shelf, RequestEnvelope request, JmixCall call, Guid id, CancellationToken ct)
    {
        if (await shelf.Store.OpenAsync(id, ct) is not { } file) return null;
        var response = call.IsTarGz ? TarGzAnswer.Of(request, id, file) : await JmixAnswers.ArchiveAsync(request, id, file, ct);
        response.Metadata["jmix_id"] = id.ToString();
        return response;
    }

    private static async ValueTask<ResponseEnvelope> ManifestAsync(PackageStore store, RequestEnvelope request, Guid id, CancellationToken ct)
    {
        await using var archive = await store.OpenAsync(id, ct);
        return archive is not null && await ArchiveContent.ManifestAsync(archive, ct) is { } manifest
            ? JmixAnswers.Bytes(request, 200, "application/json", manifest) : JmixAnswers.NotFound(request);
    }

    /// <summary>A study from the store, or from the backend: one request asks the backend, the others wait for its package.</summary>
    private async ValueTask<ResponseEnvelope> StudyAsync(
        PackageShelf shelf, RequestEnvelope request, JmixCall call, RequestSender backend, CancellationToken ct)
    {
        if (await FromStoreAsync(shelf, request, call, ct) is { } known) return known;
        var turn = await shelf.Builds.EnterAsync(call.StudyInstanceUid, ct);
        var isHandedOver = false;
        try
        {
            if (await FromStoreAsync(shelf, request, call, ct) is { } built) return built;
            var response = await backend(request, ct);
            if (response.Status is 404 or 410)
            {
                await response.DisposeAsync();
                return JmixAnswers.Error(request, 404, "no such study");
            }

            if (response.Status is < 200 or >= 300) return response;
            if (await FolderAsync(response, ct) is not { } folder)
            {
                await response.DisposeAsync();
                return JmixAnswers.Error(request, 404, "no such study");
            }

            await response.DisposeAsync();
            var options = _recipe.Options(request.Feature<JmixEndpointOptions>());
            var isStreamed = isHandedOver = call.Operation == JmixOperation.Study && !call.IsTarGz && request.Method == "GET";
            var answer = isStreamed ? Stream(shelf, request, folder, options, turn) : await BuildAsync(shelf, request, call, folder, options, ct);
            answer.Metadata["jmix_study_uid"] = call.StudyInstanceUid;
            answer.Metadata["jmix_id"] = options.Id.ToString();
            answer.Metadata["jmix_zip_ready"] = "true";
            return answer;
        }
        finally
        {
            if (!isHandedOver) turn.Dispose();
        }
    }

    private static async ValueTask<ResponseEnvelope?> FromStoreAsync(PackageShelf shelf, RequestEnvelope request, JmixCall call, CancellationToken ct)
    {
        if (await shelf.Store.NewestAsync(call.StudyInstanceUid, ct) is not { } package) return null;
        if (call.Operation == JmixOperation.Study) return await ArchiveAsync(shelf, request, call, package.Id, ct);
        return JmixAnswers.Json(request, 200, new JsonObject
        {
            ["id"] = package.Id.ToString(), ["status"] = "ready",
            ["studyInstanceUid"] = call.StudyInstanceUid
        });
    }

    private static async ValueTask<ResponseEnvelope> BuildAsync(PackageShelf shelf, RequestEnvelope request, JmixCall call, string folder,
        Harmony.Jmix.JmixBuildOptions options, CancellationToken ct)
    {
        try
        {
            var info = await shelf.Work.BuildAsync(folder, options, copy: null, ct);
            return info is null ? JmixAnswers.Error(request, 404, "no such study") : Built(request, call, info.Id);
        }
        finally
        {
            Delete(folder);
        }
    }

    /// <summary>The response for a package that is not streamed: its identifier (201), or its location (303).</summary>
    private static ResponseEnvelope Built(RequestEnvelope request, JmixCall call, Guid id)
    {
        var document = new JsonObject { ["id"] = id.ToString(), ["status"] = "ready", ["studyInstanceUid"] = call.StudyInstanceUid };
        if (call.Operation == JmixOperation.Prime) return JmixAnswers.Json(request, 201, document);
        var response = JmixAnswers.Json(request, 303, document);
        response.Headers.Add("location", $"{request.Path.TrimEnd('/')}/{id}");
        return response;
    }

    /// <summary>Streams the archive while it is written. The archive is finished and stored even if the client goes away.</summary>
    private ResponseEnvelope Stream(PackageShelf shelf, RequestEnvelope request, string folder, Harmony.Jmix.JmixBuildOptions options, IDisposable turn)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false));
        var end = new PipeEnd(pipe.Writer);
        request.Aborted.Register(static state => ((PipeEnd)state!).Abandon(), end);
        _ = _gathered.Track(async ct =>
        {
            Exception? failure = null;
            try
            {
                await shelf.Work.BuildAsync(folder, options, end, ct);
            }
            catch (Exception e) when (e is GatewayException or OperationCanceledException or IOException)
            {
                failure = e;
                PackagesLog.NotBuilt(_logger, _name, e.Message);
            }
            finally
            {
                await pipe.Writer.CompleteAsync(failure is null ? null : new IOException("the package could not be built", failure));
                Delete(folder);
                turn.Dispose();
            }
        });
        var response = new ResponseEnvelope(request, 200) { Body = Body.FromStream(pipe.Reader.AsStream(), length: null) };
        response.Headers.Set("content-type", "application/zip");
        response.Headers.Set("content-disposition", $"attachment; filename=\"{options.Id}.zip\"");
        response.Headers.Set("etag", $"\"{options.Id}\"");
        return response;
    }

    /// <summary>The folder of retrieved objects that the backend names; null if the backend retrieved none.</summary>
    private async ValueTask<string?> FolderAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (await _content.ReadAsync(response, ct) is not JsonObject answer || answer["folder_path"]?.GetValue<string>() is not { } path) return null;
        var folder = Path.GetFullPath(path);
        // A backend may be any server: only folders of retrievals may go into packages, not every folder that a response names.
        if (!folder.StartsWith(_retrievalRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !Guid.TryParse(Path.GetFileName(folder), out _))
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the answer names a folder that is not one of a retrieval");
        return Directory.Exists(folder) ? folder : null;
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The backend sweeps its folders by itself, a little later.
        }
    }
}
