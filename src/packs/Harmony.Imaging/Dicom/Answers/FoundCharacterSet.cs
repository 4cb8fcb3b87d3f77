using Harmony.Dicom.Data.CharacterSets;

namespace Harmony.Imaging.Dicom.Answers;

/// <summary>The character set of the matches that a DICOM system sends: a feature of the response, as the matches are JSON in it. Whoever asked without one is answered in it.</summary>
/// <param name="CharacterSet">That of the first match.</param>
internal sealed record FoundCharacterSet(SpecificCharacterSet CharacterSet);
