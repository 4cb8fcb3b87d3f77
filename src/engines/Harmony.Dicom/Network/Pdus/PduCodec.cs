using System.Buffers.Binary;

namespace Harmony.Dicom.Network.Pdus;

/// <summary>Protocol data units to bytes and back: PS3.8 §9.3.</summary>
public static class PduCodec
{
    /// <summary>Type, a reserved byte and the length of what follows.</summary>
    public const int HeaderLength = 6;

    private const int FixedLength = 4;

    /// <summary>A whole PDU, its header included.</summary>
    /// <exception cref="ArgumentException">A title or UID is too long, or has characters that it cannot have.</exception>
    public static byte[] Encode(Pdu pdu)
    {
        ArgumentNullException.ThrowIfNull(pdu);
        var writer = new ItemWriter();
        writer.Bytes([(byte)pdu.Type, 0, 0, 0, 0, 0]);
        switch (pdu)
        {
            case AssociateRequestPdu request:
                AssociateCodec.Write(writer, request);
                break;
            case AssociateAcceptPdu accept:
                AssociateCodec.Write(writer, accept);
                break;
            case AssociateRejectPdu { Rejection: var rejection }:
                writer.Bytes([0, rejection.Result, rejection.Source, rejection.Reason]);
                break;
            case AbortPdu abort:
                writer.Bytes([0, 0, (byte)abort.Source, (byte)abort.Reason]);
                break;
            default:
                writer.Bytes([0, 0, 0, 0]);
                break;
        }

        var bytes = writer.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(2), bytes.Length - HeaderLength);
        return bytes;
    }

    /// <summary>Reads what follows a header. P-DATA-TF is not read here.</summary>
    /// <exception cref="PduException">It is not as the standard wants it, or is more than the limits allow.</exception>
    public static Pdu Decode(PduType type, ReadOnlySpan<byte> body, PduLimits? limits = null)
    {
        if (type is not (PduType.AssociateRequest or PduType.AssociateAccept) && body.Length != FixedLength)
        {
            throw new PduException($"a PDU of type {(byte)type} has {FixedLength} bytes, not {body.Length}", AbortReason.InvalidPduParameterValue);
        }

        return type switch
        {
            PduType.AssociateRequest => (Pdu)AssociateCodec.ReadRequest(new ItemReader(body, limits ?? PduLimits.Default)),
            PduType.AssociateAccept => AssociateCodec.ReadAccept(new ItemReader(body, limits ?? PduLimits.Default)),
            PduType.AssociateReject => new AssociateRejectPdu(new AssociationRejection(body[1], body[2], body[3])),
            PduType.ReleaseRequest => new ReleaseRequestPdu(),
            PduType.ReleaseResponse => new ReleaseResponsePdu(),
            PduType.Abort => new AbortPdu((AbortSource)body[2], (AbortReason)body[3]),
            _ => throw new PduException($"there is no PDU of type {(byte)type}", AbortReason.UnrecognizedPdu),
        };
    }

    /// <summary>Checks the length in a header before anything is read because of it.</summary>
    /// <param name="type">The type.</param>
    /// <param name="length">The length.</param>
    /// <param name="maxDataLength">The longest P-DATA-TF; 0: no limit.</param>
    /// <param name="limits">Those of the others.</param>
    /// <exception cref="PduException">It is too long, or there is no such type.</exception>
    internal static void CheckHeader(PduType type, uint length, uint maxDataLength, PduLimits limits)
    {
        var max = type switch
        {
            PduType.Data => maxDataLength == 0 ? uint.MaxValue : maxDataLength,
            PduType.AssociateRequest or PduType.AssociateAccept => (uint)limits.MaxControlPduLength,
            >= PduType.AssociateReject and <= PduType.Abort => (uint)FixedLength,
            _ => throw new PduException($"there is no PDU of type {(byte)type}", AbortReason.UnrecognizedPdu),
        };
        if (length > max)
            throw new PduException($"a PDU of type {(byte)type} says that it has {length} bytes; {max} are allowed", AbortReason.InvalidPduParameterValue);
    }
}

/// <summary>How much is believed of what a peer sends. Everything is checked before anything is allocated.</summary>
public sealed record PduLimits
{
    /// <summary>The defaults.</summary>
    public static PduLimits Default { get; } = new();

    /// <summary>
    /// The longest PDU that is not P-DATA-TF, in bytes without the first six. Default 256 KiB: 128 presentation contexts with 20 transfer syntaxes each have
    /// 180 KiB.
    /// </summary>
    public int MaxControlPduLength { get; init; } = 256 * 1024;

    /// <summary>How many presentation contexts there may be. Default 128: there are no more odd numbers in a byte.</summary>
    public int MaxPresentationContexts { get; init; } = 128;

    /// <summary>How many items there may be altogether, those within items counted. Default 8192.</summary>
    public int MaxItems { get; init; } = 8192;

    /// <summary>The longest UID or name, in bytes. Default 128, twice what the standard allows.</summary>
    public int MaxTextLength { get; init; } = 128;

    /// <summary>The longest user identity or extended negotiation, in bytes. Default 64 KiB - 1, which is all there can be.</summary>
    public int MaxBytesLength { get; init; } = ushort.MaxValue;
}

/// <summary>A peer sent what the protocol does not allow.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="reason">What the peer is told.</param>
public sealed class PduException(string message, AbortReason reason) : DicomNetworkException(message)
{
    /// <summary>What the peer is told.</summary>
    public AbortReason Reason { get; } = reason;
}
