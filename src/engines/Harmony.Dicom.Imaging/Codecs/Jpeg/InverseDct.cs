using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// The inverse discrete cosine transform of 8 × 8 coefficients (ISO 10918-1 §A.3.3) by Loeffler, Ligtenberg and Moschytz, in whole numbers with constants of
/// 13 bits: the same arithmetic as libjpeg's slow method, so that pixels are those that DCMTK and browsers show. Eight columns, then eight rows, are computed
/// at once.
/// </summary>
internal static class InverseDct
{
    /// <summary>Numbers of a block.</summary>
    public const int Size = 64;

    private const int Side = 8;
    private const int ConstantBits = 13;

    /// <summary>Bits of fraction that the first pass leaves to the second.</summary>
    private const int FractionBits = 2;

    /// <summary>The middle of the range of samples of 8 bits (§A.3.1).</summary>
    private const int Middle = 128;

    /// <summary>Transforms a block that has only its first coefficient: all samples are the same.</summary>
    public static byte Flat(int coefficient) => (byte)Math.Clamp(((coefficient + 4) >> 3) + Middle, 0, 255);

    /// <summary>Transforms a block.</summary>
    /// <param name="block">64 coefficients, dequantized, line by line; overwritten.</param>
    /// <param name="samples">Where the upper left sample goes.</param>
    /// <param name="stride">Bytes from a line of samples to the next.</param>
    public static void Transform(Span<int> block, Span<byte> samples, int stride)
    {
        Pass(block, ConstantBits - FractionBits);
        Transpose(block);
        Pass(block, ConstantBits + FractionBits + 3);
        Transpose(block);
        var (low, high, middle) = (Vector256<int>.Zero, Vector256.Create(255), Vector256.Create(Middle));
        for (var line = 0; line < Side; line++)
        {
            var values = Vector256.Min(Vector256.Max(Vector256.Create<int>(block[(line * Side)..]) + middle, low), high).AsUInt32();
            var words = Vector128.Narrow(values.GetLower(), values.GetUpper());
            Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(samples.Slice(line * stride, Side)), Vector128.Narrow(words, words).AsUInt64().ToScalar());
        }
    }

    private static void Pass(Span<int> block, int shift)
    {
        ref var first = ref MemoryMarshal.GetReference(block[..Size]);
        var (row0, row1, row2, row3) = (Row(ref first, 0), Row(ref first, 1), Row(ref first, 2), Row(ref first, 3));
        var (row4, row5, row6, row7) = (Row(ref first, 4), Row(ref first, 5), Row(ref first, 6), Row(ref first, 7));

        // The even part.
        var shared = (row2 + row6) * 4433;
        var (inner, outer) = (shared - (row6 * 15137), shared + (row2 * 6270));
        var (sum, difference) = ((row0 + row4) << ConstantBits, (row0 - row4) << ConstantBits);
        var (even0, even1, even2, even3) = (sum + outer, difference + inner, difference - inner, sum - outer);

        // The odd part.
        var all = (row7 + row3 + row5 + row1) * 9633;
        var (pair71, pair53) = ((row7 + row1) * -7373, (row5 + row3) * -20995);
        var (pair73, pair51) = (((row7 + row3) * -16069) + all, ((row5 + row1) * -3196) + all);
        var odd3 = (row7 * 2446) + pair71 + pair73;
        var odd2 = (row5 * 16819) + pair53 + pair51;
        var odd1 = (row3 * 25172) + pair53 + pair73;
        var odd0 = (row1 * 12299) + pair71 + pair51;

        var half = Vector256.Create(1 << (shift - 1));
        Row(ref first, 0) = (even0 + odd0 + half) >> shift;
        Row(ref first, 7) = (even0 - odd0 + half) >> shift;
        Row(ref first, 1) = (even1 + odd1 + half) >> shift;
        Row(ref first, 6) = (even1 - odd1 + half) >> shift;
        Row(ref first, 2) = (even2 + odd2 + half) >> shift;
        Row(ref first, 5) = (even2 - odd2 + half) >> shift;
        Row(ref first, 3) = (even3 + odd3 + half) >> shift;
        Row(ref first, 4) = (even3 - odd3 + half) >> shift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Vector256<int> Row(ref int first, int number) => ref Unsafe.As<int, Vector256<int>>(ref Unsafe.Add(ref first, number * Side));

    /// <summary>Four squares of 4 × 4 numbers, two of which change places.</summary>
    private static void Transpose(Span<int> block)
    {
        ref var first = ref MemoryMarshal.GetReference(block[..Size]);
        TransposeSquares(ref first, ref first);
        TransposeSquares(ref Unsafe.Add(ref first, 4), ref Unsafe.Add(ref first, 4 * Side));
        TransposeSquares(ref Unsafe.Add(ref first, (4 * Side) + 4), ref Unsafe.Add(ref first, (4 * Side) + 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeSquares(ref int one, ref int other)
    {
        var (a, b, c, d) = Transposed(Quarter(ref one, 0), Quarter(ref one, 1), Quarter(ref one, 2), Quarter(ref one, 3));
        if (!Unsafe.AreSame(ref one, ref other))
        {
            (Quarter(ref one, 0), Quarter(ref one, 1), Quarter(ref one, 2), Quarter(ref one, 3)) =
                Transposed(Quarter(ref other, 0), Quarter(ref other, 1), Quarter(ref other, 2), Quarter(ref other, 3));
        }

        (Quarter(ref other, 0), Quarter(ref other, 1), Quarter(ref other, 2), Quarter(ref other, 3)) = (a, b, c, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<int> A, Vector128<int> B, Vector128<int> C, Vector128<int> D) Transposed(
        Vector128<int> a, Vector128<int> b, Vector128<int> c, Vector128<int> d)
    {
        var (lowAc, highAc, lowBd, highBd) = (Low(a, c), High(a, c), Low(b, d), High(b, d));
        return (Low(lowAc, lowBd), High(lowAc, lowBd), Low(highAc, highBd), High(highAc, highBd));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Vector128<int> Quarter(ref int first, int number) => ref Unsafe.As<int, Vector128<int>>(ref Unsafe.Add(ref first, number * Side));

    /// <summary>The lower halves of two vectors, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Low(Vector128<int> one, Vector128<int> other)
    {
        if (Sse2.IsSupported) return Sse2.UnpackLow(one, other);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(one, other) : Vector128.Create(one[0], other[0], one[1], other[1]);
    }

    /// <summary>The upper halves of two vectors, by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> High(Vector128<int> one, Vector128<int> other)
    {
        if (Sse2.IsSupported) return Sse2.UnpackHigh(one, other);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(one, other) : Vector128.Create(one[2], other[2], one[3], other[3]);
    }
}
