namespace Harmony.Dicom.Coding;

/// <summary>What a <see cref="ParserFrame"/> holds.</summary>
internal enum FrameKind
{
    /// <summary>Elements: of the data set itself or of an item.</summary>
    DataSet,

    /// <summary>Items.</summary>
    Sequence,

    /// <summary>An offset table and fragments.</summary>
    Fragments,
}
