using Harmony.Core.Configuration;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary><c>[middleware.NAME.options]</c> of a <c>dicomweb_bridge</c>.</summary>
public sealed record DicomWebBridgeOptions : ConfigNode
{
    /// <summary>Most results of a search that gives no <c>limit</c> and names no study. Searches in one study give everything.</summary>
    [AllowedRange(1)]
    public int DefaultLimit { get; init; } = 100;

    /// <summary>Most results of any search; the query is cancelled when there are more, and the client is warned.</summary>
    [AllowedRange(1, 1_000_000)]
    public int MaxResults { get; init; } = 10_000;

    /// <summary>
    /// Most queries that one search may add to count what the archive did not say although it was asked: the series of a study, the instances of a study or
    /// series, the modalities of a study. What would take more is left out; 0 to leave all of that out.
    /// </summary>
    [AllowedRange(0, 2000)]
    public int MaxCountQueries { get; init; } = 50;

    /// <summary>
    /// What is retrieved when something of an instance is asked for: its whole <c>series</c>, as viewers go on to ask for the rest, or only that instance.
    /// </summary>
    [AllowedValues("series", "none")]
    public string Prefetch { get; init; } = "series";

    /// <summary>Series of a study that are retrieved at the same time, each on an association.</summary>
    [AllowedRange(1, 16)]
    public int ParallelSeries { get; init; } = 2;

    /// <summary>Bytes from which a value is left out of metadata, which refer to it by BulkDataURI. Pixel data always are.</summary>
    [AllowedRange(0, 1_048_576)]
    public int BulkDataThreshold { get; init; } = 1024;

    /// <summary>
    /// Seconds that results of a search stay for the next one with the same keys, by the same user; 0 to ask the archive each time. What others store in the
    /// archive is seen that much later; storing through this bridge is seen at once.
    /// </summary>
    [AllowedRange(0, 3600)]
    public int SearchCacheSecs { get; init; }

    /// <summary>Most bytes of those results, in memory.</summary>
    [AllowedRange(0)]
    public long SearchCacheBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Seconds that clients are asked to wait when all associations are in use (<c>Retry-After</c>).</summary>
    [AllowedRange(1, 3600)]
    public int RetryAfterSecs { get; init; } = 5;
}
