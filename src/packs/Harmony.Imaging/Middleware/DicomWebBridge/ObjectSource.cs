using System.Text;
using Harmony.Core.Envelope;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Query;
using Harmony.Dicom.Web.Objects;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Services.DicomWeb;
using Harmony.Imaging.Services.DicomWeb.Answers;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// The objects of a study, a series or an instance, as they come: of several series those that are retrieved at the same time, in whatever order. An object
/// is valid until the next is asked for.
/// </summary>
internal sealed class ObjectSource : IAsyncDisposable
{
    private readonly IArchive _archive;
    private readonly Queue<RetrievalScope> _waiting;
    private readonly List<(ISharedObjects Objects, Task<SharedObject?> Next)> _active = [];
    private readonly CancellationTokenSource _stop;
    private readonly string? _instance;
    private readonly int _atOnce;
    private ISharedObjects? _current;

    private ObjectSource(IArchive archive, IEnumerable<RetrievalScope> scopes, string? instance, int atOnce, CancellationToken ct)
    {
        (_archive, _waiting, _instance, _atOnce) = (archive, new Queue<RetrievalScope>(scopes), instance, atOnce);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    }

    /// <summary>
    /// Answers with what is made of the objects. Where the response has none of them any more, or there is none because something failed, the retrieval ends
    /// here; else with the response.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="archive">Where the objects are.</param>
    /// <param name="web">What is wanted.</param>
    /// <param name="settings">How they are retrieved.</param>
    /// <param name="answer">Makes the response, of the first object and those that come behind.</param>
    /// <param name="ct">Ends it.</param>
    public static async ValueTask<ResponseEnvelope> AnswerAsync(
        RequestEnvelope request, IArchive archive, DicomWebRequest web, BridgeSettings settings,
        Func<ObjectSource, SharedObject, ValueTask<ResponseEnvelope>> answer, CancellationToken ct)
    {
        if (await OpenAsync(archive, web, settings, ct) is not { } source) return NoSuch(request);
        ResponseEnvelope? response = null;
        try
        {
            if (await source.NextAsync() is not { } first) return NoSuch(request);
            return response = await answer(source, first);
        }
        catch (ImagingException e)
        {
            return WebProblem.Answer(
                request, ImagingStatuses.Of(e.Kind), $"{e.Message.TrimEnd('.')}. The object can be had as it is stored: application/dicom; transfer-syntax=*.");
        }
        catch (Exception e) when (e is DicomFormatException or DicomFramesException)
        {
            return WebProblem.Answer(
                request, 502,
                $"An object of the archive cannot be read: {e.Message.TrimEnd('.')}. It can be had as it is stored: application/dicom; transfer-syntax=*.");
        }
        finally
        {
            if (response is not ({ Objects: not null } or { Source: not null })) await source.DisposeAsync();
        }
    }

    private static ResponseEnvelope NoSuch(RequestEnvelope request) => WebProblem.Answer(request, 404, "The archive has no such study, series or instance.");

    /// <summary>Finds out what there is to retrieve.</summary>
    /// <returns>Null where there is no such study.</returns>
    private static async ValueTask<ObjectSource?> OpenAsync(IArchive archive, DicomWebRequest web, BridgeSettings settings, CancellationToken ct)
    {
        var resource = web.Resource;
        if (resource.Series is not null)
        {
            var scope = new RetrievalScope(resource.Study!, resource.Series, settings.PrefetchesSeries ? null : resource.Instance);
            return new ObjectSource(archive, [scope], resource.Instance, 1, ct);
        }

        var study = new DicomValue(DicomTag.StudyInstanceUID, Vr.UI, Encoding.ASCII.GetBytes(resource.Study!));
        var keys = new DicomDataSetBuilder().Set(study).Set(DicomTag.SeriesInstanceUID).Build();
        var series = new List<RetrievalScope>();
        await foreach (var match in (await archive.FindAsync(QueryLevel.Series, keys, ct)).WithCancellation(ct))
        {
            if (match.GetString(DicomTag.SeriesInstanceUID) is { } uid) series.Add(new RetrievalScope(resource.Study!, uid));
        }

        return series.Count == 0 ? null : new ObjectSource(archive, series.Distinct(), null, settings.ParallelSeries, ct);
    }

    /// <summary>The next wanted object, when it has arrived; null at the end.</summary>
    /// <exception cref="Harmony.Dicom.Network.DicomNetworkException">The retrieval failed.</exception>
    public async ValueTask<SharedObject?> NextAsync()
    {
        if (_current is not null) GoOn(_current);
        _current = null;
        while (true)
        {
            while (_active.Count < _atOnce && _waiting.TryDequeue(out var scope)) GoOn(_archive.Retrieve(scope));
            if (_active.Count == 0) return null;
            await Task.WhenAny(_active.Select(a => a.Next));
            var index = _active.FindIndex(a => a.Next.IsCompleted);
            var (objects, next) = _active[index];
            var found = await next;
            _active.RemoveAt(index);
            if (found is null)
            {
                await objects.DisposeAsync();
                continue;
            }

            if (_instance is not null && found.SopInstanceUid != _instance)
            {
                GoOn(objects);
                continue;
            }

            _current = objects;
            return found;
        }
    }

    /// <summary>Nothing more is wanted.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var (objects, next) in _active)
        {
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            await objects.DisposeAsync();
        }

        _active.Clear();
        if (_current is not null) await _current.DisposeAsync();
        _current = null;
        _stop.Dispose();
    }

    private void GoOn(ISharedObjects objects) => _active.Add((objects, objects.NextAsync(_stop.Token).AsTask()));
}
