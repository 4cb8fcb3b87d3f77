using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.Sessions;

/// <summary>Agrees about an association.</summary>
internal interface INegotiator
{
    /// <summary>Answers a request.</summary>
    /// <returns>A-ASSOCIATE-AC or A-ASSOCIATE-RJ, and what was agreed.</returns>
    ValueTask<(Pdu Answer, IReadOnlyList<PresentationContext> Contexts)> AnswerAsync(AssociateRequestPdu request, CancellationToken ct);

    /// <summary>Takes the peer's acceptance.</summary>
    /// <returns>What was agreed.</returns>
    /// <exception cref="PduException">It was not proposed.</exception>
    IReadOnlyList<PresentationContext> Accepted(AssociateAcceptPdu accept);
}
