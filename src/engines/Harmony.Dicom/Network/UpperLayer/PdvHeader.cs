using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Harmony.Dicom.Network.Pdus;

namespace Harmony.Dicom.Network.UpperLayer;

/// <summary>What stands before a fragment of a message: PS3.8 §9.3.5.1, annex E.2.</summary>
/// <param name="ContextId">The presentation context.</param>
/// <param name="IsCommand">Whether it is a fragment of a command set; else of a data set.</param>
/// <param name="IsLast">Whether it is the last.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PdvHeader(byte ContextId, bool IsCommand, bool IsLast)
{
    /// <summary>Length (4 bytes), number of the context, control header.</summary>
    public const int Length = 6;

    /// <summary>The two bytes that the length counts besides the fragment.</summary>
    private const int Counted = 2;

    /// <summary>Reads it.</summary>
    /// <param name="bytes">At least <see cref="Length"/>.</param>
    /// <param name="left">What is left of the PDU, these bytes included.</param>
    /// <param name="fragmentLength">The length of the fragment.</param>
    /// <exception cref="PduException">The lengths are at odds.</exception>
    public static PdvHeader Read(in ReadOnlySequence<byte> bytes, uint left, out uint fragmentLength)
    {
        Span<byte> span = stackalloc byte[Length];
        bytes.Slice(0, Length).CopyTo(span);
        var length = BinaryPrimitives.ReadUInt32BigEndian(span);
        if (length < Counted || length > left - 4)
        {
            throw new PduException($"a fragment says that it has {length} bytes; {left - 4} are left of its PDU", AbortReason.InvalidPduParameterValue);
        }

        fragmentLength = length - Counted;
        return new PdvHeader(span[4], (span[5] & 1) != 0, (span[5] & 2) != 0);
    }

    /// <summary>Writes header and PDU header of a PDU with this one fragment.</summary>
    /// <param name="to">At least <see cref="PduCodec.HeaderLength"/> + <see cref="Length"/>.</param>
    /// <param name="fragmentLength">The length of the fragment, which follows.</param>
    public void WritePdu(Span<byte> to, int fragmentLength)
    {
        to[0] = (byte)PduType.Data;
        to[1] = 0;
        BinaryPrimitives.WriteInt32BigEndian(to[2..], Length + fragmentLength);
        BinaryPrimitives.WriteInt32BigEndian(to[6..], Counted + fragmentLength);
        to[10] = ContextId;
        to[11] = (byte)((IsCommand ? 1 : 0) | (IsLast ? 2 : 0));
    }
}
