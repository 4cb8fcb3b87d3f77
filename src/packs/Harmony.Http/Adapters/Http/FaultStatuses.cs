using Harmony.Core.Diagnostics;
using Harmony.Core.Faults;
using Harmony.Core.Pipeline;

namespace Harmony.Http.Adapters.Http;

/// <summary>The one table from faults and refusals to HTTP statuses (<c>docs/errors.md</c>).</summary>
internal static class FaultStatuses
{
    public static int Of(GatewayException fault) => (fault.Kind, fault.FaultSource) switch
    {
        (FaultKind.Malformed, _) => 400,
        (FaultKind.TooLarge, _) => 413,
        (FaultKind.UnsupportedContent, _) => 415,
        (FaultKind.Protocol, FaultSource.Client) => 400,
        (FaultKind.Timeout, FaultSource.Client) => 408,
        (FaultKind.ClientGone, _) => AccessRecord.ClientClosedRequest,
        (FaultKind.Unreachable, _) => 502,
        (FaultKind.Protocol, _) => 502,
        (FaultKind.Timeout, _) => 504,
        (FaultKind.Unavailable, _) => 503,
        (FaultKind.StorageFull, _) => 507,
        _ => 500,
    };

    public static int Of(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Unauthenticated => 401,
        RefusalKind.Forbidden => 403,
        RefusalKind.NotFound => 404,
        RefusalKind.MethodNotAllowed => 405,
        RefusalKind.UnsupportedMediaType => 415,
        RefusalKind.Unprocessable => 422,
        RefusalKind.RateLimited => 429,
        RefusalKind.Unavailable => 503,
        _ => 403,
    };
}
