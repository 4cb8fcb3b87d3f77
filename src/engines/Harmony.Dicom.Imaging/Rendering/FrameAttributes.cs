using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>
/// What applies to a frame: in enhanced objects the functional groups of the frame, then those shared by all (PS3.3 §C.7.6.16), else the data set itself.
/// </summary>
internal sealed class FrameAttributes(DicomDataSet dataSet, int frame)
{
    private readonly DicomDataSet? _own = Item(dataSet, DicomTag.PerFrameFunctionalGroupsSequence, frame - 1);
    private readonly DicomDataSet? _shared = Item(dataSet, DicomTag.SharedFunctionalGroupsSequence, 0);

    /// <summary>The object.</summary>
    public DicomDataSet DataSet { get; } = dataSet;

    /// <summary>From 1.</summary>
    public int Frame { get; } = frame;

    /// <summary>Rescale slope and intercept, or a LUT.</summary>
    public DicomDataSet Modality => Group(DicomTag.PixelValueTransformationSequence);

    /// <summary>Window and VOI LUT.</summary>
    public DicomDataSet Voi => Group(DicomTag.FrameVOILUTSequence);

    /// <summary>Distances of pixels.</summary>
    public DicomDataSet Measures => Group(DicomTag.PixelMeasuresSequence);

    private DicomDataSet Group(DicomTag sequence) => Item(_own, sequence, 0) ?? Item(_shared, sequence, 0) ?? DataSet;

    private static DicomDataSet? Item(DicomDataSet? from, DicomTag sequence, int index)
        => from?.GetItems(sequence) is { } items && index < items.Count ? items[index] : null;
}
