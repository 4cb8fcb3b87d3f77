using System.Buffers;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>What the upper layer tells those who use it: the indications and confirmations of PS3.8 §7. They come one after another.</summary>
internal interface IUpperLayerUser
{
    /// <summary>Whether a message has come in part.</summary>
    bool IsInMessage { get; }

    /// <summary>How long the peer may say nothing when <see cref="IsInMessage"/> is false.</summary>
    TimeSpan Patience { get; }

    /// <summary>The peer wants an association.</summary>
    /// <returns>The answer: A-ASSOCIATE-AC or A-ASSOCIATE-RJ.</returns>
    ValueTask<Pdu> RequestedAsync(AssociateRequestPdu request);

    /// <summary>The peer has accepted.</summary>
    /// <exception cref="PduException">What it has accepted was not proposed.</exception>
    void Accepted(AssociateAcceptPdu accept);

    /// <summary>A piece of a fragment of a message.</summary>
    /// <param name="header">Which message, and whether it is its last fragment.</param>
    /// <param name="bytes">The piece.</param>
    /// <param name="isEnd">Whether it is the last piece of the fragment.</param>
    /// <exception cref="PduException">The message is not as the standard wants it.</exception>
    ValueTask DataAsync(PdvHeader header, ReadOnlySequence<byte> bytes, bool isEnd);

    /// <summary>The peer wants to release; to be answered by <see cref="ProtocolMachine.RespondReleaseAsync"/>.</summary>
    ValueTask ReleaseRequestedAsync();

    /// <summary>It is over. Nothing comes any more.</summary>
    ValueTask EndedAsync(AssociationEnd end);
}

/// <summary>Times and limits, as those of acceptors and clients say them.</summary>
internal sealed record UpperLayerOptions(
    TimeSpan Artim, TimeSpan SendTimeout, int MaxPduLength, int MaxSentPduLength, PduLimits Limits, TimeProvider TimeProvider);
