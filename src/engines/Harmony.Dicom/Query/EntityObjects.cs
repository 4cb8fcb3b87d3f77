namespace Harmony.Dicom.Query;

/// <summary>The objects of a patient, study, series, or one object; and those of the study and the patient they belong to.</summary>
internal sealed record EntityObjects<T>(IReadOnlyList<IndexedObject<T>> Objects, IReadOnlyList<IndexedObject<T>> OfStudy, IReadOnlyList<IndexedObject<T>> OfPatient);
