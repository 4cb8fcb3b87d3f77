using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Harmony.Dicom.Coding;

/// <summary>Turns the bytes of words round.</summary>
internal static class ByteOrder
{
    /// <summary>Swaps each word of <paramref name="wordSize"/> bytes in place; bytes after the last whole word stay.</summary>
    public static void Swap(Span<byte> bytes, int wordSize)
    {
        switch (wordSize)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                break;
        }
    }
}
