using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Runtime;
using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>
/// Sends packages of gathered studies to the backend of their pipeline. What is to be sent stands in <c>deliver/ID</c> of the store, so a restart forgets
/// nothing. A backend that is away is asked again, less and less often; a package that it refuses stays in the store, beside <c>deliver/ID.refused</c>.
/// </summary>
internal sealed class PackageDelivery(string middleware, PackageStore store, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1), FirstPause = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Func<RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>>> _pipelines = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, (DateTimeOffset Next, TimeSpan Pause)> _waiting = [];
    private BackgroundLoop? _loop;

    private string Folder => Path.Combine(store.Root, "deliver");

    /// <summary>Says how to send to the backend of a pipeline.</summary>
    public void Connect(string pipeline, Func<RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>> send) => _pipelines[pipeline] = send;

    /// <summary>Begins to send, also what an earlier process left.</summary>
    public void Start() => _loop = BackgroundLoop.Start($"delivering the packages of '{middleware}'", LookEvery, SendDueAsync, clock, logger);

    /// <summary>Begins no more deliveries.</summary>
    public void Stop() => _loop?.Stop();

    /// <summary>Notes that a package is to be sent; the note is on the disk when this returns.</summary>
    /// <param name="id">The package.</param>
    /// <param name="pipeline">Where its objects came through; empty where nobody knows any more: the one pipeline that there is, then.</param>
    /// <exception cref="IOException">The note cannot be written.</exception>
    public void Add(Guid id, string pipeline)
    {
        if (_pipelines.IsEmpty) return;
        if (pipeline.Length == 0) pipeline = _pipelines.Keys.Order(StringComparer.Ordinal).First();
        string written;
        using (var note = store.Create())
        {
            note.Write(Encoding.UTF8.GetBytes(pipeline));
            note.Flush(flushToDisk: true);
            written = note.Name;
        }

        store.Place(written, Path.Combine(Folder, id.ToString()), overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_loop is not null) await _loop.DisposeAsync();
    }

    private async ValueTask SendDueAsync(CancellationToken ct)
    {
        if (!Directory.Exists(Folder)) return;
        foreach (var note in Directory.EnumerateFiles(Folder))
        {
            if (!Guid.TryParseExact(Path.GetFileName(note), "D", out var id)) continue;
            if (_waiting.TryGetValue(id, out var waiting) && clock.GetUtcNow() < waiting.Next) continue;
            if (!_pipelines.TryGetValue(await File.ReadAllTextAsync(note, ct), out var send)) continue; // that of a configuration before, or after, this one
            await SendAsync(note, id, send, ct);
        }
    }

    private async ValueTask SendAsync(string note, Guid id, Func<RequestEnvelope, CancellationToken, ValueTask<ResponseEnvelope>> send, CancellationToken ct)
    {
        var pipeline = await File.ReadAllTextAsync(note, ct);
        await using var file = store.TryOpen(id);
        if (file is null)
        {
            File.Delete(note); // somebody has taken the package away
            return;
        }

        try
        {
            using var request = Request(id, file);
            await using var response = await send(request, ct);
            if (response.Status is >= 200 and < 300 or 409) // 409: it has the package, and only its answer was lost
            {
                File.Delete(note);
                _waiting.Remove(id);
                PackagesLog.Delivered(logger, middleware, id, pipeline);
            }
            else if (response.Refusal is not null || response.Status is >= 400 and < 500 and not (408 or 429))
            {
                File.Move(note, note + ".refused", overwrite: true);
                _waiting.Remove(id);
                PackagesLog.DeliveryRefused(logger, middleware, id, pipeline, response.Status);
            }
            else
            {
                Wait(id, string.Create(CultureInfo.InvariantCulture, $"the backend answers {response.Status}"));
            }
        }
        catch (GatewayException e)
        {
            Wait(id, e.Message);
        }
    }

    private void Wait(Guid id, string reason)
    {
        var pause = _waiting.TryGetValue(id, out var before) ? before.Pause * 2 : FirstPause;
        if (pause > LongestPause) pause = LongestPause;
        _waiting[id] = (clock.GetUtcNow() + pause, pause);
        PackagesLog.NotDelivered(logger, middleware, id, pause.TotalSeconds, reason);
    }

    private RequestEnvelope Request(Guid id, FileStream file)
    {
        var headers = new HeaderFields(2);
        headers.Add("content-type", "application/zip");
        headers.Add("content-length", file.Length.ToString(CultureInfo.InvariantCulture));
        var request = new RequestEnvelope
        {
            Protocol = "http",
            Method = "POST",
            Path = "/api/jmix",
            PathBelowPrefix = "/api/jmix",
            Headers = headers,
            Body = Body.FromStream(file, file.Length),
            RequestId = Guid.NewGuid().ToString("N"),
        };
        request.Metadata["jmix_method"] = "upload";
        request.Metadata["jmix_id"] = id.ToString();
        if (store.Find(id) is { StudyInstanceUid.Length: > 0 } known) request.Metadata["jmix_study_uid"] = known.StudyInstanceUid;
        return request;
    }
}
