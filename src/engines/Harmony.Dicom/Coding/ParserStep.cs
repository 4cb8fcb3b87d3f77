namespace Harmony.Dicom.Coding;

/// <summary>What came of one step of <see cref="DataSetParser"/>.</summary>
internal enum ParserStep
{
    /// <summary>Something was read.</summary>
    Continue,

    /// <summary>There are too few bytes.</summary>
    NeedsMore,

    /// <summary>The data set has ended.</summary>
    End,
}
