using Harmony.Dicom.Data;

namespace Harmony.Dicom.Query;

/// <summary>An object of an <see cref="ObjectIndex{T}"/>.</summary>
/// <param name="Header">The data set it was added with.</param>
/// <param name="Item">What is known besides.</param>
public sealed record IndexedObject<T>(DicomDataSet Header, T Item);
