using Harmony.Core.Diagnostics;

namespace Harmony.Http.Adapters.Http;

/// <summary>Makes the record of an HTTP request for the access log.</summary>
internal static class AccessRecords
{
    public static AccessRecord Of(HttpExchange exchange, string network, DateTimeOffset time, TimeSpan duration)
    {
        var envelope = exchange.Envelope;
        var (path, query) = envelope is null ? Split(exchange.Request.RawTarget) : (envelope.Path, envelope.Query);
        return new AccessRecord
        {
            Time = time,
            Duration = duration,
            RequestId = exchange.RequestId,
            ClientAddress = envelope is null ? exchange.Connection.RemoteIpAddress : envelope.ClientAddress,
            User = envelope?.Identity?.Subject,
            Protocol = exchange.Request.Protocol,
            Method = exchange.Request.Method,
            Path = path,
            Query = query,
            Status = exchange.IsAborted ? AccessRecord.ClientClosedRequest : exchange.Response.StatusCode,
            BytesIn = exchange.BytesIn,
            BytesOut = exchange.BytesOut,
            Network = network,
            Pipeline = exchange.Route?.Pipeline.Name,
            Endpoint = exchange.Route?.EndpointName,
            Backend = envelope is { ChosenBackend: >= 0 and var chosen } ? exchange.Route?.Pipeline.BackendNames[chosen] : null,
            Target = envelope?.AskedTarget,
            Reason = exchange.Reason,
            TraceId = exchange.Span?.TraceId.ToHexString(),
        };
    }

    /// <summary>Of a request that was refused. What is no path may hold anything, credentials too, and is left out.</summary>
    private static (string Path, string Query) Split(string target)
    {
        if (!target.StartsWith('/')) return ("-", "");
        var question = target.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? (target, "") : (target[..question], target[(question + 1)..]);
    }
}
