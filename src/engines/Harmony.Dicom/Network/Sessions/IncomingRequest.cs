using System.IO.Pipelines;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;

namespace Harmony.Dicom.Network.Sessions;

/// <summary>A request of the peer, to be performed.</summary>
/// <param name="Request">The request.</param>
/// <param name="Context">The presentation context it came in.</param>
/// <param name="DataSet">Its data set as it comes; null if it has none.</param>
/// <param name="CancelRequested">Trips at C-CANCEL.</param>
internal sealed record IncomingRequest(DimseRequest Request, PresentationContext Context, PipeReader? DataSet, CancellationToken CancelRequested);
