namespace Harmony.Dicom.Network.Dimse;

/// <summary>An operation failed. Thrown to those who asked a peer for it; thrown by a handler, it becomes the response.</summary>
/// <param name="result">The status, and what is said about it.</param>
/// <param name="cause">What was thrown first, if anything; the peer does not learn of it.</param>
public sealed class DimseException(DimseResult result, Exception? cause = null) : DicomNetworkException(Explain(result), cause)
{
    /// <summary>Fails with a status and a comment of up to 64 characters.</summary>
    public DimseException(DimseStatus status, string? errorComment = null, Exception? cause = null)
        : this(new DimseResult(status, errorComment), cause)
    {
    }

    /// <summary>The status, and what is said about it.</summary>
    public DimseResult Result { get; } = result;

    private static string Explain(DimseResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.ErrorComment is { } comment ? $"{result.Status}: {comment}" : result.Status.ToString();
    }
}
