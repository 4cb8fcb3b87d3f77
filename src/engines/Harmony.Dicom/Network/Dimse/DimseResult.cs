using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Dimse;

/// <summary>How an operation went.</summary>
/// <param name="Status">The status.</param>
/// <param name="ErrorComment">What is wrong, in up to 64 characters of ASCII; it is seen by the peer, so it names no patients.</param>
public sealed record DimseResult(DimseStatus Status, string? ErrorComment = null)
{
    /// <summary>0000.</summary>
    public static DimseResult Success { get; } = new(DimseStatus.Success);

    /// <summary>The elements that are wrong.</summary>
    public IReadOnlyList<DicomTag> OffendingElements { get; init; } = [];

    /// <summary>A result that is a status only.</summary>
    public static implicit operator DimseResult(DimseStatus status) => FromStatus(status);

    /// <summary>A result that is a status only.</summary>
    public static DimseResult FromStatus(DimseStatus status) => status == DimseStatus.Success ? Success : new DimseResult(status);
}

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
