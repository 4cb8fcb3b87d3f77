using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Jmix;
using Harmony.Jmix.Reading;
using Harmony.Packages.Store;
using Microsoft.Extensions.Logging;

namespace Harmony.Packages.JmixBuilder;

/// <summary>
/// Sends packages of gathered studies to the backend of their pipeline. The note <c>deliver/ID</c> of the store names a package that waits, so a restart
/// forgets none. A backend that is away is asked again, less and less often; a package that the backend refuses stays in the store, and its note becomes
/// <c>deliver/ID.refused</c>.
/// </summary>
internal sealed class PackageDelivery(string middleware, PackageStore store, PackageSettings settings, DeliveryPipelines pipelines, TimeProvider clock,
    ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1), FirstPause = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Guid, (DateTimeOffset Next, TimeSpan Pause)> _waiting = [];
    private BackgroundLoop? _loop;

    private string Folder => Path.Combine(store.Root, "deliver");

    /// <summary>Begins to send, the packages that an earlier process left included.</summary>
    public void Start() => _loop = BackgroundLoop.Start($"delivering the packages of '{middleware}'", LookEvery, SendDueAsync, clock, logger);

    /// <summary>Begins no further delivery.</summary>
    public void Stop() => _loop?.Stop();

    /// <summary>Notes that a package is to be sent; the note is on the disk when this returns.</summary>
    /// <param name="id">The package.</param>
    /// <param name="pipeline">The pipeline through which its objects came; empty after a restart, which takes the first pipeline by name.</param>
    /// <exception cref="IOException">The note cannot be written.</exception>
    public void Add(Guid id, string pipeline)
    {
        if (pipelines.First is not { } first) return;
        if (pipeline.Length == 0) pipeline = first;
        store.WriteNote(Path.Combine(Folder, id.ToString()), Encoding.UTF8.GetBytes(pipeline));
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
            if (pipelines.Find(await File.ReadAllTextAsync(note, ct)) is not { } send) continue; // that of a configuration before, or after, this one
            await SendAsync(note, id, send, ct);
        }
    }

    private async ValueTask SendAsync(string note, Guid id, RequestSender send, CancellationToken ct)
    {
        var pipeline = await File.ReadAllTextAsync(note, ct);
        try
        {
            await using var stored = await store.OpenAsync(id, ct);
            if (stored is null)
            {
                File.Delete(note); // the package was deleted meanwhile
                return;
            }

            await using var copy = settings.Audits ? await AuditedAsync(stored, ct) : null;
            var file = copy ?? stored;
            using var request = await RequestAsync(id, file, ct);
            await using var response = await send(request, ct);
            if (response.Status is >= 200 and < 300 or 409) // 409: the backend has the package, and only its response was lost
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
        catch (Exception e) when (e is GatewayException or IOException or JmixException)
        {
            Wait(id, e.Message);
        }
    }

    /// <summary>
    /// Copies a package to a file that is deleted when it is closed, and ends the audit trail of the copy with the way to the backend. The stored package stays
    /// as it is, so that another try adds no second entry.
    /// </summary>
    private async ValueTask<FileStream> AuditedAsync(Stream stored, CancellationToken ct)
    {
        using var files = PackageFiles.OfZip(stored, settings.Limits);
        var audit = await files.ReadAsync("audit.json", ct);
        var happened = settings.Entry(audit is not null && settings.WasReceived(JsonNode.Parse(audit)) ? "forwarded" : "sent");
        var copy = store.Create(isTemporary: true);
        try
        {
            await using (var sink = settings.Sink(copy)) await PackageCopy.WriteAsync(files, sink, [happened], ct);
            await copy.FlushAsync(ct);
            copy.Position = 0;
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    private void Wait(Guid id, string reason)
    {
        var pause = _waiting.TryGetValue(id, out var before) ? before.Pause * 2 : FirstPause;
        if (pause > LongestPause) pause = LongestPause;
        _waiting[id] = (clock.GetUtcNow() + pause, pause);
        PackagesLog.NotDelivered(logger, middleware, id, pause.TotalSeconds, reason);
    }

    private async ValueTask<RequestEnvelope> RequestAsync(Guid id, Stream file, CancellationToken ct)
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
        request.SetFeature(new OwnDelivery());
        request.Metadata["jmix_method"] = "upload";
        request.Metadata["jmix_id"] = id.ToString();
        if (await store.FindAsync(id, ct) is { StudyInstanceUid.Length: > 0 } known) request.Metadata["jmix_study_uid"] = known.StudyInstanceUid;
        return request;
    }
}

/// <summary>Marks a request that delivers a package of this gateway's own store.</summary>
internal sealed record OwnDelivery;
