using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>The answer to a DIMSE-N request.</summary>
/// <param name="Result">How it went.</param>
/// <param name="DataSet">What is sent with it, if anything.</param>
public sealed record NormalizedResult(DimseResult Result, DicomDataSet? DataSet = null)
{
    /// <summary>The UID that an N-CREATE has given, if the request had none.</summary>
    public string? SopInstanceUid { get; init; }
}
