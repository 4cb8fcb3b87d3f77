using Amazon.Runtime;
using Amazon.S3;
using Harmony.Core.Faults;

namespace Harmony.Data.Services.Storage.S3;

/// <summary>What fails at S3, as faults of the store. Keys stay out of messages: they hold patients' ids.</summary>
/// <param name="store">The store, for people.</param>
internal sealed class S3Faults(string store)
{
    private static readonly string[] Full = ["QuotaExceeded", "EntityTooLarge", "XMinioStorageFull", "InsufficientCapacity"];

    private static readonly string[] Denied = ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket", "AuthorizationHeaderMalformed"];

    /// <summary>Whether an exception comes from the service. What the sender of the content does, ends a write as it is.</summary>
    public static bool IsOne(Exception e, CancellationToken ct)
        => e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
            || (e is OperationCanceledException && !ct.IsCancellationRequested);

    /// <summary>The fault: full, wrongly configured, or away for a while.</summary>
    /// <param name="what">What cannot be done.</param>
    /// <param name="cause">Why.</param>
    public GatewayException Of(string what, Exception? cause = null)
    {
        var code = cause switch
        {
            AmazonS3Exception s3 => s3.ErrorCode ?? s3.StatusCode.ToString(),
            null => "",
            _ => cause.GetType().Name,
        };
        var kind = Full.Contains(code, StringComparer.Ordinal) ? FaultKind.StorageFull : FaultKind.Unavailable;
        var advice = Denied.Contains(code, StringComparer.Ordinal) ? "; see root, access_key_id, secret_access_key, region and endpoint" : "";
        return new GatewayException(FaultSource.Gateway, kind, $"'{store}': {what}{(code.Length == 0 ? "" : ": ")}{code}{advice}", cause, retryable: true);
    }
}
