using Harmony.Dicom.Network.Dimse;

namespace Harmony.Modules.Services.DicomScu.Operations;

/// <summary>What became of an object that was sent.</summary>
/// <param name="SopClassUid">What kind of object it is; null where that could not be read.</param>
/// <param name="SopInstanceUid">Which object it is; null where that could not be read.</param>
/// <param name="Status">What the other side said; null where it said nothing.</param>
/// <param name="Error">Why it was not stored; null where it was.</param>
internal sealed record StoredObject(string? SopClassUid, string? SopInstanceUid, DimseStatus? Status, string? Error);
