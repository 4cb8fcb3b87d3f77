using System.Collections.Concurrent;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Runtime;
using Harmony.Dicom.Coding;
using Harmony.Jmix;
using Harmony.Packages.Jmix;
using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>
/// Gathers the objects that come by C-STORE, by study. When a study has been quiet for a while, its package is built and delivered to the backend. The objects
/// lie in <c>gathered/STUDY</c> of the store, so a restart loses none and builds the packages of the studies that were left.
/// </summary>
internal sealed class GatheredStudies : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _middleware;
    private readonly PackageStore _store;
    private readonly PackageSettings _settings;
    private readonly FolderPackager _packager;
    private readonly PackageDelivery _delivery;
    private readonly TimeSpan _quiet;
    private readonly bool _endsWithAssociation;
    private readonly bool _delivers;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly string _folder;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Study> _studies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private BackgroundLoop? _loop;

    public GatheredStudies(
        string middleware, StoreOperations operations, PackageSettings settings, JmixBuilderOptions options, TimeProvider clock, ILogger logger)
    {
        (_middleware, _settings, _clock, _logger) = (middleware, settings, clock, logger);
        (_store, _packager, _delivery) = (operations.Store, operations.Packager, operations.Delivery);
        (_quiet, _endsWithAssociation, _delivers) = (TimeSpan.FromSeconds(options.QuietSecs), options.BuildAt == "association_end", options.Deliver);
        _folder = Path.Combine(_store.Root, "gathered");
    }

    /// <summary>Takes up the studies that an earlier process left, and begins to build the packages of quiet ones.</summary>
    public void Start()
    {
        if (Directory.Exists(_folder))
        {
            foreach (var left in Directory.EnumerateDirectories(_folder)) _studies.TryAdd(Path.GetFileName(left), new Study(_clock.GetUtcNow()));
        }

        _loop = BackgroundLoop.Start($"building the packages of '{_middleware}'", LookEvery, BuildQuietAsync, _clock, _logger);
    }

    /// <summary>Begins to build no further package.</summary>
    public void Stop() => _loop?.Stop();

    /// <summary>Keeps one object, and responds when its file is on disk.</summary>
    public async ValueTask<ResponseEnvelope> AddAsync(RequestEnvelope request, CancellationToken ct)
    {
        var arriving = _store.Create();
        try
        {
            await using (var body = request.Body.OpenStream()) await body.CopyToAsync(arriving, ct);
            await arriving.FlushAsync(ct);
            arriving.Flush(flushToDisk: true);
            await arriving.DisposeAsync();
            var attributes = await DicomFiles.AttributesAsync(arriving.Name, ct);
            if (!JmixRequest.IsUid(attributes.StudyInstanceUid) || !JmixRequest.IsUid(attributes.SopInstanceUid))
                throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "the object has no UID of its study or of itself");
            await KeepAsync(request, arriving.Name, attributes.StudyInstanceUid, attributes.SopInstanceUid, ct);
            return new ResponseEnvelope(request, 200);
        }
        catch (DicomFormatException e)
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, "the object is no DICOM that can be read", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw _store.Fault(e);
        }
        finally
        {
            await PackageStore.DiscardAsync(arriving);
        }
    }

    /// <summary>Runs work that outlives a request. <see cref="DisposeAsync"/> waits for its end.</summary>
    public Task Track(Func<CancellationToken, Task> work)
    {
        var task = Task.Run(() => work(_stop.Token));
        _running.TryAdd(task, true);
        return task.ContinueWith(
            t => _running.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        if (_loop is not null) await _loop.DisposeAsync();
        // Clients read their archives to the end. A shutdown whose time is over ends the process, which loses no object either.
        await Task.WhenAll(_running.Keys);
        _stop.Dispose();
    }

    private async ValueTask KeepAsync(RequestEnvelope request, string file, string studyUid, string instanceUid, CancellationToken ct)
    {
        while (true)
        {
            var study = _studies.GetOrAdd(studyUid, _ => new Study(_clock.GetUtcNow()));
            await study.Gate.WaitAsync(ct);
            try
            {
                if (study.IsClosed) continue; // its package is being built; the next one begins
                _store.Place(file, Path.Combine(_folder, studyUid, $"{instanceUid}.dcm"), overwrite: true);
                study.LastObject = _clock.GetUtcNow();
                study.Pipeline = request.PipelineName;
                if (request.Feature<RequestGroup>() is { } group) study.Groups.Add(group);
                return;
            }
            finally
            {
                study.Gate.Release();
            }
        }
    }

    private async ValueTask BuildQuietAsync(CancellationToken ct)
    {
        foreach (var (uid, study) in _studies)
        {
            if (!IsDue(study)) continue;
            await study.Gate.WaitAsync(ct);
            try
            {
                if (!IsDue(study)) continue;
                var folder = Path.Combine(_folder, uid);
                if (Directory.Exists(folder) && !await TryBuildAsync(folder, study.Pipeline, ct))
                {
                    study.Defer(_clock.GetUtcNow()); // the study waits as if its last object had just come; other studies are not held up
                    continue;
                }

                study.IsClosed = true;
                _studies.TryRemove(KeyValuePair.Create(uid, study));
            }
            finally
            {
                study.Gate.Release();
            }
        }
    }

    /// <summary>Studies that a restart found have no associations; they wait until they are quiet.</summary>
    private bool IsDue(Study study)
        => _clock.GetUtcNow() - study.LastObject >= _quiet || (_endsWithAssociation && study.Groups.Count > 0 && study.Groups.All(g => g.HasEnded));

    private async ValueTask<bool> TryBuildAsync(string folder, string pipeline, CancellationToken ct)
    {
        try
        {
            var built = await _packager.BuildAsync(folder, _settings.Options(null), copy: null, ct);
            // Before the objects are deleted: a crash in between builds the package a second time, and loses none.
            if (built is not null && _delivers) _delivery.Add(built.Id, pipeline);
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (Exception e) when (e is GatewayException or JmixException or IOException or UnauthorizedAccessException)
        {
            PackagesLog.NotBuilt(_logger, _middleware, e.Message);
            return false;
        }
    }

    private sealed class Study(DateTimeOffset lastObject)
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public DateTimeOffset LastObject { get; set; } = lastObject;

        /// <summary>The pipeline that the last object came through; empty after a restart.</summary>
        public string Pipeline { get; set; } = "";

        /// <summary>The associations that brought objects.</summary>
        public HashSet<RequestGroup> Groups { get; } = [];

        /// <summary>Begins the wait for quiet anew.</summary>
        public void Defer(DateTimeOffset now)
        {
            LastObject = now;
            Groups.Clear();
        }

        public bool IsClosed { get; set; }
    }
}
