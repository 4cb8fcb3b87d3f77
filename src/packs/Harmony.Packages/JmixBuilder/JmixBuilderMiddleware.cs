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
    private readonly StoreOperations _operations;
    private readonly ConcurrentDictionary<string, Lazy<StoreOperations>> _others = new(StringComparer.Ordinal);
    private readonly PackageSettings _settings;
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

    private JmixBuilderMiddleware(JmixBuilderOptions options, MiddlewareContext context, PackageSettings settings, ILogger logger)
    {
        (_name, _options, _settings, _logger, _clock) = (context.Name, options, settings, logger, context.Environment.Clock);
        var place = Path.Combine(Core.Storage.StateFolder.Of(context.Config.Storage.Options), StoreFolder);
        _operations = options.StoreDir is { } folder ? Open(folder)
            : context.Config.Storage.Backend == "filesystem" ? Open(place)
            : Open(place, () => context.Environment.OpenStorage(StoreFolder), context.Config.Storage.Options);
        _gathered = new GatheredStudies(_name, _operations, settings, options, _clock, logger);
        _content = new ContentReader(context.Environment.Limits);
        _retrievalRoot = Path.GetFullPath(Core.Storage.StateFolder.Of(context.Config.Storage.Options));
    }

    private IEnumerable<StoreOperations> AllOperations => _others.Values.Select(o => o.Value).Append(_operations);

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public IReadOnlyList<string> Words => [$"packages in {_operations.Store.Description}"];

    public static JmixBuilderMiddleware? Create(JmixBuilderOptions options, MiddlewareContext context)
    {
        if (PackageSettings.Create(options, context) is not { } settings) return null;
        return new JmixBuilderMiddleware(options, context, settings, context.Environment.Loggers.CreateLogger("harmony.jmix"));
    }

    public void Connect(string pipeline, RequestSender send) => _pipelines.Connect(pipeline, send);

    public void Activate()
    {
        try
        {
            _operations.Store.Prepare();
            _ = _gathered.Track(_ => StartStoreAsync(_ending.Token));
        }
        catch (GatewayException e)
        {
            PackagesLog.NotStarted(_logger, _name, e.Message); // requests that need the store are told the same
        }

        _gathered.Start();
        _operations.Delivery.Start();
        if (_operations.Store.IsShared) _refreshing = BackgroundLoop.Start($"looking for the packages of others in the store of '{_name}'", RefreshEvery,
            _operations.Store.RefreshAsync, _clock, _logger);
        _sweeping = BackgroundLoop.Start($"sweeping the uploads of '{_name}'", SweepEvery, async ct =>
        {
            foreach (var operations in AllOperations) await operations.Resumable.SweepAsync(ct);
        }, _clock, _logger);
        var limits = new PackageLimits(_options.MaxPackages, _options.MaxStoreBytes, TimeSpan.FromSeconds(_options.KeepSecs));
        if (limits is { MaxPackages: 0, MaxBytes: 0 } && limits.MaxAge == TimeSpan.Zero) return;
        _trimming = BackgroundLoop.Start($"trimming the packages of '{_name}'", TrimEvery, async ct =>
        {
            foreach (var operations in AllOperations)
            {
                if (await operations.Store.TrimAsync(limits, ct) is > 0 and var count) PackagesLog.Trimmed(_logger, _name, count);
            }
        }, _clock, _logger);
    }

    public void Deactivate()
    {
        _gathered.Stop();
        foreach (var operations in AllOperations) operations.Delivery.Stop();
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
        foreach (var operations in AllOperations) await operations.DisposeAsync();
        _settings.Dispose();
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
            await _operations.Store.StartAsync(ct);
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

    private StoreOperations Open(string root, Func<Core.Storage.IObjectStore?>? open = null, object? objects = null)
        => new(_name, PackageStore.Use(root, _clock, _logger, open, objects), _settings, TimeSpan.FromSeconds(_options.UploadKeepSecs), _pipelines, _clock,
            _logger);

    private StoreOperations OpenOther(string root)
    {
        var operations = Open(root);
        if (_options.Forward) operations.Delivery.Start();
        return operations;
    }

    private StoreOperations OperationsOf(RequestEnvelope request)
        => request.Feature<JmixEndpointOptions>()?.StoreDir is { } root ? _others.GetOrAdd(root, r => new Lazy<StoreOperations>(() => OpenOther(r))).Value
            : _operations;

    private async ValueTask<ResponseEnvelope> AnswerAsync(RequestEnvelope request, JmixCall call, RequestSender backend, CancellationToken ct)
    {
        var operations = OperationsOf(request);
        switch (call.Operation)
        {
            case JmixOperation.Package:
                return await ArchiveAsync(operations, request, call, call.Id, ct) ?? JmixResponses.NotFound(request);
            case JmixOperation.Manifest:
                return await ManifestAsync(operations.Store, request, call.Id, ct);
            case JmixOperation.Delete:
                return await operations.Store.DeleteAsync(call.Id, ct) ? new ResponseEnvelope(request, 204) : JmixResponses.NotFound(request);
            case JmixOperation.Upload:
                return await operations.Upload.AnswerAsync(request, ct);
            case JmixOperation.Resumable:
                return await operations.Resumable.AnswerAsync(request, call.Id, ct);
            default:
                return await StudyAsync(operations, request, call, backend, ct);
        }
    }

    private static async ValueTask<ResponseEnvelope?> ArchiveAsync(
        StoreOperations operations, RequestEnvelope request, JmixCall call, Guid id, CancellationToken ct)
    {
        if (await operations.Store.OpenAsync(id, ct) is not { } file) return null;
        var response = call.IsTarGz ? TarGzResponse.Of(request, id, file) : await JmixResponses.ArchiveAsync(request, id, file, ct);
        response.Metadata["jmix_id"] = id.ToString();
        return response;
    }

    private static async ValueTask<ResponseEnvelope> ManifestAsync(PackageStore store, RequestEnvelope request, Guid id, CancellationToken ct)
    {
        await using var archive = await store.OpenAsync(id, ct);
        return archive is not null && await ArchiveContent.ManifestAsync(archive, ct) is { } manifest
            ? JmixResponses.Bytes(request, 200, "application/json", manifest) : JmixResponses.NotFound(request);
    }

    /// <summary>A study from the store, or from the backend: one request asks the backend, the others wait for its package.</summary>
    private async ValueTask<ResponseEnvelope> StudyAsync(
        StoreOperations operations, RequestEnvelope request, JmixCall call, RequestSender backend, CancellationToken ct)
    {
        if (await FromStoreAsync(operations, request, call, ct) is { } known) return known;
        var turn = await operations.Builds.EnterAsync(call.StudyInstanceUid, ct);
        var isHandedOver = false;
        try
        {
            if (await FromStoreAsync(operations, request, call, ct) is { } built) return built;
            var response = await backend(request, ct);
            if (response.Status is 404 or 410)
            {
                await response.DisposeAsync();
                return JmixResponses.Error(request, 404, "no such study");
            }

            if (response.Status is < 200 or >= 300) return response;
            if (await FolderAsync(response, ct) is not { } folder)
            {
                await response.DisposeAsync();
                return JmixResponses.Error(request, 404, "no such study");
            }

            await response.DisposeAsync();
            var options = _settings.Options(request.Feature<JmixEndpointOptions>());
            var isStreamed = isHandedOver = call.Operation == JmixOperation.Study && !call.IsTarGz && request.Method == "GET";
            var answer = isStreamed ? Stream(operations, request, folder, options, turn) : await BuildAsync(operations, request, call, folder, options, ct);
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

    private static async ValueTask<ResponseEnvelope?> FromStoreAsync(StoreOperations operations, RequestEnvelope request, JmixCall call, CancellationToken ct)
    {
        if (await operations.Store.NewestAsync(call.StudyInstanceUid, ct) is not { } package) return null;
        if (call.Operation == JmixOperation.Study) return await ArchiveAsync(operations, request, call, package.Id, ct);
        return JmixResponses.Json(request, 200, new JsonObject
        {
            ["id"] = package.Id.ToString(), ["status"] = "ready",
            ["studyInstanceUid"] = call.StudyInstanceUid
        });
    }

    private static async ValueTask<ResponseEnvelope> BuildAsync(StoreOperations operations, RequestEnvelope request, JmixCall call, string folder,
        Harmony.Jmix.JmixBuildOptions options, CancellationToken ct)
    {
        try
        {
            var info = await operations.Packager.BuildAsync(folder, options, copy: null, ct);
            return info is null ? JmixResponses.Error(request, 404, "no such study") : Built(request, call, info.Id);
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
        if (call.Operation == JmixOperation.Prime) return JmixResponses.Json(request, 201, document);
        var response = JmixResponses.Json(request, 303, document);
        response.Headers.Add("location", $"{request.Path.TrimEnd('/')}/{id}");
        return response;
    }

    /// <summary>Streams the archive while it is written. The archive is finished and stored even if the client goes away.</summary>
    private ResponseEnvelope Stream(StoreOperations operations, RequestEnvelope request, string folder, Harmony.Jmix.JmixBuildOptions options, IDisposable turn)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false));
        var end = new PipeEnd(pipe.Writer);
        request.Aborted.Register(static state => ((PipeEnd)state!).Abandon(), end);
        _ = _gathered.Track(async ct =>
        {
            Exception? failure = null;
            try
            {
                await operations.Packager.BuildAsync(folder, options, end, ct);
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
