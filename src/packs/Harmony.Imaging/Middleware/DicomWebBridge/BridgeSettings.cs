using Harmony.Dicom.Imaging.Transcoding;

namespace Harmony.Imaging.Middleware.DicomWebBridge;

/// <summary>The settings of a bridge.</summary>
internal sealed record BridgeSettings
{
    /// <summary>Most results of a search that does not say, and names no study.</summary>
    public required int DefaultLimit { get; init; }

    /// <summary>Most results of any search.</summary>
    public required int MaxResults { get; init; }

    /// <summary>Most further queries of one search for what the archive did not say.</summary>
    public required int MaxCountQueries { get; init; }

    /// <summary>Whether what is asked of an instance has its whole series retrieved.</summary>
    public required bool PrefetchesSeries { get; init; }

    /// <summary>Series that are retrieved at the same time for one request.</summary>
    public required int ParallelSeries { get; init; }

    /// <summary>Bytes from which metadata refer to a value.</summary>
    public required int BulkDataThreshold { get; init; }

    /// <summary>Results of earlier searches; null where each is done anew.</summary>
    public required SearchCache? Searches { get; init; }

    /// <summary>The time in Retry-After.</summary>
    public required int RetryAfterSecs { get; init; }

    /// <summary>Gives frames and objects in other transfer syntaxes, without loss.</summary>
    public required ImageTranscoder Transcoder { get; init; }

    /// <summary>Most bytes that are held in memory or parsed for one request.</summary>
    public required long MaxHeld { get; init; }
}

/// <summary>Marks a response that the bridge has made: a feature of it.</summary>
internal sealed class WorkDone
{
    /// <summary>Marks a response.</summary>
    public static Core.Envelope.ResponseEnvelope On(Core.Envelope.ResponseEnvelope response)
    {
        response.SetFeature(new WorkDone());
        return response;
    }
}
