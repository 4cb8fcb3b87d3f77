using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Core.Runtime;
using Harmony.Jmix.Packaging;
using Harmony.Packages.Jmix;
using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>
/// Answers requests of a <c>jmix</c> endpoint from its package store. A study that the store does not have is asked of the backend, and a package is
/// built of what comes back, once however many ask. Behind <c>dicom_scp</c> it gathers objects by study and builds their packages when they stop coming.
/// </summary>
internal sealed class JmixBuilderMiddleware : IRequestMiddleware, IResponseMiddleware, IAsyncDisposable
{
    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(1);

    private readonly string _name;
    private readonly JmixBuilderOptions _options;
    private readonly PackageStore _store;
    private readonly PackageRecipe _recipe;
    private readonly PackageWork _work;
    private readonly PackageUpload _upload;
    private readonly GatheredStudies _gathered;
    private readonly StudyBuilds _builds = new();
    private readonly ContentReader _content;
    private readonly string _retrievalRoot;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private BackgroundLoop? _trimming;

    private JmixBuilderMiddleware(JmixBuilderOptions options, MiddlewareContext context, PackageStore store, PackageRecipe recipe, ILogger logger)
    {
        (_name, _options, _store, _recipe, _logger, _clock) = (context.Name, options, store, recipe, logger, context.Environment.Clock);
        _work = new PackageWork(_name, store, recipe, logger);
        _upload = new PackageUpload(store, new UnpackLimits { MaxBytes = options.MaxUnpackedBytes }, _clock);
        _gathered = new GatheredStudies(_name, store, recipe, _work, TimeSpan.FromSeconds(options.QuietSecs), _clock, logger);
        _content = new ContentReader(context.Environment.Limits);
        _retrievalRoot = Path.GetFullPath(Core.Storage.StateFolder.Of(context.Config.Storage.Options));
    }

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public IReadOnlyList<string> Words => [$"packages in {_store.Root}"];

    public static JmixBuilderMiddleware? Create(JmixBuilderOptions options, MiddlewareContext context)
    {
        if (PackageRecipe.Create(options, context) is not { } recipe) return null;
        var logger = context.Environment.Loggers.CreateLogger("harmony.jmix");
        var root = options.StoreDir ?? Path.Combine(Core.Storage.StateFolder.Of(context.Config.Storage.Options), "jmix-store");
        return new JmixBuilderMiddleware(options, context, PackageStore.Use(root, context.Environment.Clock, logger), recipe, logger);
    }

    public void Activate()
    {
        try
        {
            _store.Start();
        }
        catch (GatewayException e)
        {
            PackagesLog.NotStarted(_logger, _name, e.Message); // requests that need the store are told the same
        }

        _gathered.Start();
        var limits = new PackageLimits(_options.MaxPackages, _options.MaxStoreBytes, TimeSpan.FromSeconds(_options.KeepSecs));
        if (limits is { MaxPackages: 0, MaxBytes: 0 } && limits.MaxAge == TimeSpan.Zero) return;
        _trimming = BackgroundLoop.Start($"trimming the packages of '{_name}'", TrimEvery, _ =>
        {
            if (_store.Trim(limits) is > 0 and var count) PackagesLog.Trimmed(_logger, _name, count);
            return ValueTask.CompletedTask;
        }, _clock, _logger);
    }

    public void Deactivate() => _gathered.Stop();

    public async ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (request.Feature<JmixCall>() is not { } call)
            return request.Method == "C-STORE" ? MiddlewareResult.Respond(await _gathered.AddAsync(request, ct)) : MiddlewareResult.Continue;
        switch (call.Operation)
        {
            case JmixOperation.Package:
                return MiddlewareResult.Respond(await ArchiveAsync(request, call, call.Id) ?? JmixAnswers.NotFound(request));
            case JmixOperation.Manifest:
                return MiddlewareResult.Respond(await ManifestAsync(request, call.Id, ct));
            case JmixOperation.Delete:
                return MiddlewareResult.Respond(_store.Delete(call.Id) ? new ResponseEnvelope(request, 204) : JmixAnswers.NotFound(request));
            case JmixOperation.Upload:
                return MiddlewareResult.Respond(await _upload.AnswerAsync(request, ct));
            default:
                return await StudyAsync(request, call, ct);
        }
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        var request = response.Request;
        if (request.Feature<StudyTurn>() is not { } turn) return;
        try
        {
            if (response.Status is < 200 or >= 300)
            {
                if (response.Status is 404 or 410) Replace(response, JmixAnswers.Error(request, 404, "no such study"));
                return;
            }

            await BuildAsync(response, request.Feature<JmixCall>()!, turn, ct);
        }
        finally
        {
            if (!turn.IsHandedOver) turn.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_trimming is not null) await _trimming.DisposeAsync();
        await _gathered.DisposeAsync();
        _recipe.Dispose();
        _store.Dispose();
    }

    private async ValueTask<ResponseEnvelope?> ArchiveAsync(RequestEnvelope request, JmixCall call, Guid id)
    {
        if (_store.TryOpen(id) is not { } file) return null;
        var response = call.IsTarGz ? TarGzAnswer.Of(request, id, file) : await JmixAnswers.ArchiveAsync(request, id, file);
        response.Metadata["jmix_id"] = id.ToString();
        return response;
    }

    private async ValueTask<ResponseEnvelope> ManifestAsync(RequestEnvelope request, Guid id, CancellationToken ct)
    {
        if (!File.Exists(_store.PathOf(id))) return JmixAnswers.NotFound(request);
        using var files = await Harmony.Jmix.Reading.PackageFiles.OpenAsync(_store.PathOf(id), UnpackLimits.Default, _store.Incoming, ct);
        return await files.ReadAsync("manifest.json", ct) is { } manifest ? JmixAnswers.Bytes(request, 200, "application/json", manifest) : JmixAnswers.NotFound(request);
    }

    /// <summary>A study from the store, or with the backend's help: one request asks, the others wait for its package.</summary>
    private async ValueTask<MiddlewareResult> StudyAsync(RequestEnvelope request, JmixCall call, CancellationToken ct)
    {
        if (await FromStoreAsync(request, call) is { } known) return MiddlewareResult.Respond(known);
        var turn = await _builds.EnterAsync(call.StudyInstanceUid, ct);
        if (await FromStoreAsync(request, call) is { } built)
        {
            turn.Dispose();
            return MiddlewareResult.Respond(built);
        }

        request.SetFeature(new StudyTurn(turn));
        request.Aborted.Register(static state => ((StudyTurn)state!).Abandon(), request.Feature<StudyTurn>());
        request.Metadata["query_level"] = "STUDY";
        request.Metadata["dimse_op"] = request.Metadata.TryGetValue("dimse_op", out var operation) && operation is "get" or "move" ? operation! : "get";
        request.Body.Replace(new JsonObject { ["dimse_identifier"] = new JsonObject { ["StudyInstanceUID"] = new JsonObject { ["vr"] = "UI", ["Value"] = new JsonArray(call.StudyInstanceUid) } } });
        return MiddlewareResult.Continue;
    }

    private async ValueTask<ResponseEnvelope?> FromStoreAsync(RequestEnvelope request, JmixCall call)
    {
        if (_store.Newest(call.StudyInstanceUid) is not { } package) return null;
        if (call.Operation == JmixOperation.Study) return await ArchiveAsync(request, call, package.Id);
        return JmixAnswers.Json(request, 200, new JsonObject { ["id"] = package.Id.ToString(), ["status"] = "ready", ["studyInstanceUid"] = call.StudyInstanceUid });
    }

    private async ValueTask BuildAsync(ResponseEnvelope response, JmixCall call, StudyTurn turn, CancellationToken ct)
    {
        var request = response.Request;
        if (await FolderAsync(response, ct) is not { } folder)
        {
            Replace(response, JmixAnswers.Error(request, 404, "no such study"));
            return;
        }

        var options = _recipe.Options(request.Feature<JmixEndpointOptions>());
        response.Metadata["jmix_id"] = options.Id.ToString();
        response.Metadata["jmix_study_uid"] = call.StudyInstanceUid;
        response.Metadata["jmix_zip_ready"] = "true";
        if (call.Operation == JmixOperation.Study && !call.IsTarGz && request.Method == "GET")
        {
            Stream(response, folder, options, turn);
            return;
        }

        try
        {
            var info = await _work.BuildAsync(folder, options, copy: null, ct);
            Replace(response, info is null ? JmixAnswers.Error(request, 404, "no such study") : Built(request, call, info.Id));
        }
        finally
        {
            Delete(folder);
        }
    }

    /// <summary>What is said of a package that is not streamed: its identifier, or where it is.</summary>
    private static ResponseEnvelope Built(RequestEnvelope request, JmixCall call, Guid id)
    {
        var document = new JsonObject { ["id"] = id.ToString(), ["status"] = "ready", ["studyInstanceUid"] = call.StudyInstanceUid };
        if (call.Operation == JmixOperation.Prime) return JmixAnswers.Json(request, 201, document);
        var response = JmixAnswers.Json(request, 303, document);
        response.Headers.Add("location", $"{request.Path.TrimEnd('/')}/{id}");
        return response;
    }

    /// <summary>The client gets the archive while it is made. A client that goes does not end the work: the next one finds the package.</summary>
    private void Stream(ResponseEnvelope response, string folder, Harmony.Jmix.JmixBuildOptions options, StudyTurn turn)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false));
        turn.IsHandedOver = true;
        var end = new PipeEnd(pipe.Writer);
        response.Request.Aborted.Register(static state => ((PipeEnd)state!).Abandon(), end);
        _ = _gathered.Track(async ct =>
        {
            Exception? failure = null;
            try
            {
                await _work.BuildAsync(folder, options, end, ct);
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
        response.Headers.Remove("content-length");
        response.Headers.Set("content-type", "application/zip");
        response.Headers.Set("content-disposition", $"attachment; filename=\"{options.Id}.zip\"");
        response.Headers.Set("etag", $"\"{options.Id}\"");
        response.Status = 200;
        response.Body.Replace(pipe.Reader.AsStream(), null);
    }

    /// <summary>The folder of retrieved objects that the backend names; null where there is nothing.</summary>
    private async ValueTask<string?> FolderAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (await _content.ReadAsync(response, ct) is not JsonObject answer || answer["folder_path"]?.GetValue<string>() is not { } path) return null;
        var folder = Path.GetFullPath(path);
        // A backend may be anybody; it does not choose which of our files go into packages.
        if (!folder.StartsWith(_retrievalRoot + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !Guid.TryParse(Path.GetFileName(folder), out _))
            throw new GatewayException(FaultSource.Backend, FaultKind.Protocol, "the answer names a folder that is not one of a retrieval");
        return Directory.Exists(folder) ? folder : null;
    }

    private static void Replace(ResponseEnvelope response, ResponseEnvelope other)
    {
        response.Status = other.Status;
        response.Headers.Remove("content-length");
        foreach (var field in other.Headers) response.Headers.Set(field.Name, field.Value);
        if (other.Body.IsBuffered) response.Body.Replace(other.Body.BufferedBytes);
        else response.Body.Replace(other.Body.OpenStream(), other.Body.Length);
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The backend sweeps its folders by itself; this one goes a little later.
        }
    }
}
