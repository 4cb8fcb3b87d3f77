using Harmony.Dicom.Data;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Scp;

/// <summary>The last response to a request.</summary>
internal sealed record FinalResponse(DimseResponse Response, DicomDataSet? DataSet = null);
