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
