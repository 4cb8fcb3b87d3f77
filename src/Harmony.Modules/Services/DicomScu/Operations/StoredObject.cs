using Harmony.Dicom.Network.Dimse;

namespace Harmony.Modules.Services.DicomScu.Operations;

/// <summary>What became of an object that was sent.</summary>
/// <param name="SopClassUid">What kind of object it is.</param>
/// <param name="SopInstanceUid">Which object it is.</param>
/// <param name="Status">What the other side said; null where it said nothing.</param>
/// <param name="Error">Why it was not stored; null where it was.</param>
internal sealed record StoredObject(string SopClassUid, string SopInstanceUid, DimseStatus? Status, string? Error)
{
    /// <summary>What a sender by DIMSE is told of it, even where the other side said nothing; null where that is not known.</summary>
    public DimseStatus? Told { get; init; } = Status;
}
