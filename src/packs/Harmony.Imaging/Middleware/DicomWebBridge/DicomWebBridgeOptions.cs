using Harmony.Core.Configuration;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary><c>[middleware.NAME.options]</c> of a <c>dicomweb_bridge</c>.</summary>
public sealed record DicomWebBridgeOptions : ConfigNode
{
    /// <summary>Most results of a search without <c>limit</c> over all studies. A search in one study returns all results.</summary>
    [AllowedRange(1)]
    public int DefaultLimit { get; init; } = 100;

    /// <summary>Most results of any search. A query with more results is cancelled, and the client gets a warning.</summary>
    [AllowedRange(1, 1_000_000)]
    public int MaxResults { get; init; } = 10_000;

    /// <summary>
    /// Most additional queries of a search, to count what the archive does not report: the series of a study, the instances of a study or series, the
    /// modalities of a study. Counts that need more queries are left out; 0 leaves out all of them.
    /// </summary>
    [AllowedRange(0, 2000)]
    public int MaxCountQueries { get; init; } = 50;

    /// <summary>
    /// What is retrieved from the archive for a request about one instance: the whole <c>series</c>, because viewers soon request the rest, or only the
    /// instance (<c>none</c>).
    /// </summary>
    [AllowedValues("series", "none")]
    public string Prefetch { get; init; } = "series";

    /// <summary>Series of a study that are retrieved concurrently, each on its own association.</summary>
    [AllowedRange(1, 16)]
    public int ParallelSeries { get; init; } = 2;

    /// <summary>Size in bytes from which metadata contain a BulkDataURI instead of a value. Pixel data always have a BulkDataURI.</summary>
    [AllowedRange(0, 1_048_576)]
    public int BulkDataThreshold { get; init; } = 1024;

    /// <summary>
    /// Seconds that search results are kept for the next search of the same user with the same keys; 0 to query the archive each time. Objects that other
    /// systems store in the archive appear that much later; objects stored through this bridge appear at once.
    /// </summary>
    [AllowedRange(0, 3600)]
    public int SearchCacheSecs { get; init; }

    /// <summary>Most bytes of memory for kept search results.</summary>
    [AllowedRange(0)]
    public long SearchCacheBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Seconds in <c>Retry-After</c> when all associations are in use.</summary>
    [AllowedRange(1, 3600)]
    public int RetryAfterSecs { get; init; } = 5;
}
