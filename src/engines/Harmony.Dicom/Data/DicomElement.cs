namespace Harmony.Dicom.Data;

/// <summary>
/// A data element (PS3.5 §7.1): a <see cref="DicomValue"/>, a <see cref="DicomSequence"/>, <see cref="DicomFragments"/>, or a
/// <see cref="DicomBulkValue"/> that was left where it is. Elements do not change.
/// </summary>
public abstract class DicomElement
{
    private protected DicomElement(DicomTag tag, Vr vr) => (Tag, Vr) = (tag, vr);

    /// <summary>Which element it is.</summary>
    public DicomTag Tag { get; }

    /// <summary>The kind of its values.</summary>
    public Vr Vr { get; }

    /// <summary>Whether there is no value: in queries a key to return, elsewhere "unknown".</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Tag and VR, no value: values may be about patients.</summary>
    public override string ToString() => $"{Tag} {Vr.ToLetters()}";
}
