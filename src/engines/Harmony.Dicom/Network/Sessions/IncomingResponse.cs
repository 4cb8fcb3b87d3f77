using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Sessions;

/// <summary>A response of the peer.</summary>
/// <param name="Response">The response.</param>
/// <param name="DataSet">The bytes of its data set; null if it has none.</param>
internal sealed record IncomingResponse(DimseResponse Response, ReadOnlyMemory<byte>? DataSet);
