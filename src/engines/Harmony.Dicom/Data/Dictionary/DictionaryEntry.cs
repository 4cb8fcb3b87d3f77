namespace Harmony.Dicom.Data.Dictionary;

/// <summary>What the data dictionary (PS3.6 §6) says about a tag.</summary>
/// <param name="Keyword">E.g. <c>PatientName</c>.</param>
/// <param name="Vr">The VR; where the standard leaves a choice, the one that implicit VR data have.</param>
/// <param name="AlternativeVr">The other choice: SS where <paramref name="Vr"/> is US, OB where it is OW.</param>
/// <param name="Vm">How many values there may be, e.g. <c>1</c>, <c>2-n</c>.</param>
/// <param name="IsRetired">Whether newer editions no longer use the element.</param>
public readonly record struct DictionaryEntry(string Keyword, Vr Vr, Vr? AlternativeVr, string Vm, bool IsRetired);
