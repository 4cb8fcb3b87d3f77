using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scu;

/// <summary>How a C-GET or C-MOVE ended.</summary>
/// <param name="Result">Success, B000 (some objects failed), FE00 (cancelled) or a failure.</param>
/// <param name="SubOperations">How many objects there were.</param>
/// <param name="FailedSopInstanceUids">Those that failed, if the peer tells: (0008,0058).</param>
public sealed record RetrieveResult(DimseResult Result, SubOperations SubOperations, IReadOnlyList<string> FailedSopInstanceUids);
