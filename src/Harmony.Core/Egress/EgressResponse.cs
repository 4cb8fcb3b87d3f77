namespace Harmony.Core.Egress;

/// <summary>An answer, complete and in memory. Redirects are answers like others: nobody follows them.</summary>
/// <param name="Status">HTTP status code.</param>
/// <param name="ContentType">Media type without parameters, lower case, or null.</param>
/// <param name="MaxAge">How long it may be kept according to <c>Cache-Control: max-age</c> (RFC 9111 §5.2.2.1), or null.</param>
/// <param name="Body">Its body, at most <see cref="EgressSettings.MaxResponseBytes"/>.</param>
internal sealed record EgressResponse(int Status, string? ContentType, TimeSpan? MaxAge, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether the status is 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;
}
