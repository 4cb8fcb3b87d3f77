using Harmony.Core.Envelope;
using Harmony.Core.Modules;
using Harmony.Core.Pipeline;
using Harmony.Dicom.Imaging;
using Harmony.Dicom.Web.Requests;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Archives;
using Harmony.Imaging.Dicom.Transcoding;
using Harmony.Imaging.Services.DicomWeb;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>
/// DICOMweb in front of a system that speaks DIMSE only: searches become C-FIND, retrievals C-GET or C-MOVE, what is stored C-STORE. It tells the backend
/// what to do (<see cref="ArchiveWork"/>), and makes of what comes what PS3.18 wants.
/// </summary>
internal sealed class DicomWebBridgeMiddleware : IRequestMiddleware, IResponseMiddleware
{
    private readonly BridgeSettings _settings;
    private readonly ImageRenderer _renderer;

    private DicomWebBridgeMiddleware(BridgeSettings settings, FrameDecoder decoder)
    {
        _settings = settings;
        _renderer = new ImageRenderer(decoder);
    }

    public bool ReadsRequestBody => true;

    public bool ReplacesResponseBody => true;

    public IReadOnlyList<string> Words =>
    [
        "searches: C-FIND",
        $"objects, metadata, frames, bulk data: C-GET, or C-MOVE where that is refused; one for each {(_settings.PrefetchesSeries ? "series" : "instance")}",
        "storing: C-STORE",
    ];

    public static DicomWebBridgeMiddleware Create(DicomWebBridgeOptions options, MiddlewareContext context)
    {
        var pixels = SharedTranscoder.Of(context.Environment);
        return new DicomWebBridgeMiddleware(new BridgeSettings
        {
            DefaultLimit = Math.Min(options.DefaultLimit, options.MaxResults),
            MaxResults = options.MaxResults,
            MaxCountQueries = options.MaxCountQueries,
            PrefetchesSeries = options.Prefetch == "series",
            ParallelSeries = options.ParallelSeries,
            BulkDataThreshold = options.BulkDataThreshold,
            RetryAfterSecs = options.RetryAfterSecs,
            Searches = options.SearchCacheSecs == 0
                ? null
                : new SearchCache(TimeSpan.FromSeconds(options.SearchCacheSecs), options.SearchCacheBytes, context.Environment.Clock),
            MaxHeld = context.Environment.Limits.MaxBodySize,
            Transcoder = pixels.Transcoder,
        }, pixels.Decoder);
    }

    public ValueTask<MiddlewareResult> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        if (DicomWebRequest.Of(request) is not { } web) return new(MiddlewareResult.Continue);
        switch (web.Resource.Service)
        {
            case WebService.Search: return new(Search(request, web));
            case WebService.Store: return new(Work(request, web, new StoreWork(_settings, web).RunAsync));
            case WebService.Retrieve: return new(Work(request, web, new RetrieveWork(_settings, web).RunAsync));
            case WebService.Metadata: return new(Work(request, web, new MetadataWork(_settings, web).RunAsync));
            case WebService.Frames: return new(Work(request, web, new FramesWork(_settings, web).RunAsync));
            case WebService.BulkData or WebService.PixelData: return new(Work(request, web, new BulkDataWork(_settings, web).RunAsync));
            default: return new(Work(request, web, new RenderWork(_settings, web, _renderer).RunAsync));
        }
    }

    /// <summary>A search is shown to later steps as the C-FIND that it becomes, so that they can read and change its keys.</summary>
    private MiddlewareResult Search(RequestEnvelope request, DicomWebRequest web)
    {
        var level = web.Resource.Level;
        new DimseCall { Operation = DimseOperation.Find, Level = level }.AddTo(request);
        request.Body.Replace(SearchIdentifier.Write(web));
        return Work(request, web, new SearchWork(_settings, web).RunAsync);
    }

    private MiddlewareResult Work(
        RequestEnvelope request, DicomWebRequest web, Func<RequestEnvelope, IArchive, CancellationToken, ValueTask<ResponseEnvelope>> run)
    {
        if (web.Resource.Service == WebService.Store) new DimseCall { Operation = DimseOperation.Store }.AddTo(request);
        else if (web.Resource.Service != WebService.Search) new DimseCall { Operation = DimseOperation.Get, Level = web.Resource.Level }.AddTo(request);
        request.SetFeature(new ArchiveWork((forked, archive, ct) => BridgeFaults.GuardAsync(_settings, forked, () => run(forked, archive, ct), ct)));
        return MiddlewareResult.Continue;
    }

    /// <summary>A backend that does not know the work has answered the C-FIND in its own way, such as <c>mock_dicom</c>.</summary>
    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        if (response.Feature<WorkDone>() is not null || DicomWebRequest.Of(response.Request) is not { } web) return;
        if (web.Resource.Service == WebService.Search && response.Status == 200) await ForeignMatches.ShapeAsync(response, web, _settings, ct);
    }
}
