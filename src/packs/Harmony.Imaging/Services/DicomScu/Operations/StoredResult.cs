using Harmony.Dicom.Network.Dimse;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>What became of an object that was sent.</summary>
/// <param name="SopClassUid">What kind of object it is.</param>
/// <param name="SopInstanceUid">Which object it is.</param>
/// <param name="Status">What the other side said; null where it said nothing.</param>
/// <param name="Error">Why it was not stored; null where it was.</param>
internal sealed record StoredResult(string SopClassUid, string SopInstanceUid, DimseStatus? Status, string? Error)
{
    /// <summary>A part of a body that is no object; others may have been stored.</summary>
    public static StoredResult Unreadable(string error) => new("", "", null, error) { Told = DimseStatus.UnableToProcess };

    /// <summary>Whether nobody could tell which object it is.</summary>
    public bool IsUnreadable => SopInstanceUid.Length == 0;

    /// <summary>What a sender by DIMSE is told of it, even where the other side said nothing; null where that is not known.</summary>
    public DimseStatus? Told { get; init; } = Status;
}
