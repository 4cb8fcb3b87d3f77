using Harmony.Dicom.Data;

namespace Harmony.Dicom.Network.Scp;

/// <summary>A match of a C-FIND.</summary>
/// <param name="Identifier">The keys that were asked for, with the values of the match.</param>
/// <param name="OptionalKeysIgnored">Whether optional keys of the request were not used for matching: status FF01.</param>
public sealed record FindMatch(DicomDataSet Identifier, bool OptionalKeysIgnored = false);
