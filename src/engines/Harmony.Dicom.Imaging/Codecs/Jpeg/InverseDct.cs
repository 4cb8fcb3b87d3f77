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

    private const ulong LowerHalf = 0xFFFFFFFF00000000;
    private const ulong RightHalf = 0xF0F0F0F0F0F0F0F0;

    /// <summary>Transforms a block that has only its first coefficient: all samples are the same.</summary>
    /// <param name="coefficient">The coefficient, dequantized.</param>
    /// <param name="samples">Where the upper left sample goes.</param>
    /// <param name="stride">Bytes from a line of samples to the next.</param>
    public static void Flat(int coefficient, Span<byte> samples, int stride)
    {
        var line = 0x0101010101010101UL * (ulong)Math.Clamp(((coefficient + 4) >> 3) + Middle, 0, 255);
        ref var to = ref MemoryMarshal.GetReference(samples[..((7 * stride) + Side)]);
        for (var i = 0; i < Side; i++) Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, i * stride), line);
    }

    /// <summary>Transforms a block.</summary>
    /// <param name="block">64 coefficients, dequantized, line by line; overwritten.</param>
    /// <param name="used">A bit for each coefficient that may be other than 0, the lowest for the first.</param>
    /// <param name="samples">Where the upper left sample goes.</param>
    /// <param name="stride">Bytes from a line of samples to the next.</param>
    public static void Transform(Span<int> block, ulong used, Span<byte> samples, int stride)
    {
        if (!Avx2.IsSupported)
        {
            TransformPortably(block, samples, stride);
            return;
        }

        ref var first = ref MemoryMarshal.GetReference(block[..Size]);
        if ((used & LowerHalf) == 0) Columns(ref first, isHalf: true);
        else Columns(ref first, isHalf: false);
        if ((used & RightHalf) == 0) Lines(ref first, samples, stride, isHalf: true);
        else Lines(ref first, samples, stride, isHalf: false);
    }

    /// <summary>The same for processors of all kinds.</summary>
    /// <param name="block">64 coefficients, dequantized, line by line; overwritten.</param>
    /// <param name="samples">Where the upper left sample goes.</param>
    /// <param name="stride">Bytes from a line of samples to the next.</param>
    public static void TransformPortably(Span<int> block, Span<byte> samples, int stride)
    {
        ref var first = ref MemoryMarshal.GetReference(block[..Size]);
        Columns(ref first, isHalf: false);
        Transpose(ref first);
        Columns(ref first, ConstantBits + FractionBits + 3, Middle, isHalf: false);
        Transpose(ref first);
        var (low, high) = (Vector256<int>.Zero, Vector256.Create(255));
        for (var line = 0; line < Side; line++)
        {
            var values = Vector256.Min(Vector256.Max(Row(ref first, line), low), high).AsUInt32();
            var words = Vector128.Narrow(values.GetLower(), values.GetUpper());
            Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(samples.Slice(line * stride, Side)), Vector128.Narrow(words, words).AsUInt64().ToScalar());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(ref int first, bool isHalf) => Columns(ref first, ConstantBits - FractionBits, 0, isHalf);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(ref int first, int shift, int added, bool isHalf)
    {
        var (row0, row1, row2, row3) = (Row(ref first, 0), Row(ref first, 1), Row(ref first, 2), Row(ref first, 3));
        var (row4, row5, row6, row7) = (Row(ref first, 4), Row(ref first, 5), Row(ref first, 6), Row(ref first, 7));
        Pass(ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7, shift, added, isHalf);
        (Row(ref first, 0), Row(ref first, 1), Row(ref first, 2), Row(ref first, 3)) = (row0, row1, row2, row3);
        (Row(ref first, 4), Row(ref first, 5), Row(ref first, 6), Row(ref first, 7)) = (row4, row5, row6, row7);
    }

    /// <summary>The second pass and the samples; columns of numbers are rows of vectors meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lines(ref int first, Span<byte> samples, int stride, bool isHalf)
    {
        Vector256<int> row4 = default, row5 = default, row6 = default, row7 = default;
        FourColumns(ref first, out var row0, out var row1, out var row2, out var row3);
        if (!isHalf) FourColumns(ref Unsafe.Add(ref first, 4), out row4, out row5, out row6, out row7);
        Pass(ref row0, ref row1, ref row2, ref row3, ref row4, ref row5, ref row6, ref row7, ConstantBits + FractionBits + 3, Middle, isHalf);

        // Each half of these has four samples of each of four columns: then of four lines.
        var byLine = Vector256.Create(Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
        var left = Avx2.Shuffle(Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(row0, row1), Avx2.PackSignedSaturate(row2, row3)), byLine).AsInt32();
        var right = Avx2.Shuffle(Avx2.PackUnsignedSaturate(Avx2.PackSignedSaturate(row4, row5), Avx2.PackSignedSaturate(row6, row7)), byLine).AsInt32();
        var (lines0145, lines2367) = (Avx2.UnpackLow(left, right).AsUInt64(), Avx2.UnpackHigh(left, right).AsUInt64());
        ref var to = ref MemoryMarshal.GetReference(samples[..((7 * stride) + Side)]);
        Unsafe.WriteUnaligned(ref to, lines0145.ToScalar());
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, stride), lines0145.GetElement(1));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 2 * stride), lines2367.ToScalar());
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 3 * stride), lines2367.GetElement(1));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 4 * stride), lines0145.GetElement(2));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 5 * stride), lines0145.GetElement(3));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 6 * stride), lines2367.GetElement(2));
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, 7 * stride), lines2367.GetElement(3));
    }

    /// <summary>Four columns of eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourColumns(
        ref int first, out Vector256<int> column0, out Vector256<int> column1, out Vector256<int> column2, out Vector256<int> column3)
    {
        var (a, b) = (Vector256.Create(Quarter(ref first, 0), Quarter(ref first, 4)), Vector256.Create(Quarter(ref first, 1), Quarter(ref first, 5)));
        var (c, d) = (Vector256.Create(Quarter(ref first, 2), Quarter(ref first, 6)), Vector256.Create(Quarter(ref first, 3), Quarter(ref first, 7)));
        var (lowAc, highAc) = (Avx2.UnpackLow(a, c), Avx2.UnpackHigh(a, c));
        var (lowBd, highBd) = (Avx2.UnpackLow(b, d), Avx2.UnpackHigh(b, d));
        column0 = Avx2.UnpackLow(lowAc, lowBd);
        column1 = Avx2.UnpackHigh(lowAc, lowBd);
        column2 = Avx2.UnpackLow(highAc, highBd);
        column3 = Avx2.UnpackHigh(highAc, highBd);
    }

    /// <summary>
    /// Transforms eight columns at once. So many bits of fraction go as <paramref name="shift"/> says, <paramref name="added"/> is added to each result. Where
    /// <paramref name="isHalf"/>, rows 4 to 7 are 0, and constants are sums of those of the whole transform.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        ref Vector256<int> row0, ref Vector256<int> row1, ref Vector256<int> row2, ref Vector256<int> row3,
        ref Vector256<int> row4, ref Vector256<int> row5, ref Vector256<int> row6, ref Vector256<int> row7, int shift, int added, bool isHalf)
    {
        Vector256<int> even0, even1, even2, even3, odd0, odd1, odd2, odd3;
        var half = Vector256.Create((1 << (shift - 1)) + (added << shift));
        if (isHalf)
        {
            var whole = (row0 << ConstantBits) + half;
            var (inner, outer) = (row2 * 4433, row2 * 10703);
            (even0, even1, even2, even3) = (whole + outer, whole + inner, whole - inner, whole - outer);
            (odd0, odd1) = ((row1 * 11363) + (row3 * 9633), (row1 * 9633) - (row3 * 2259));
            (odd2, odd3) = ((row1 * 6437) - (row3 * 11362), (row1 * 2260) - (row3 * 6436));
        }
        else
        {
            var shared = (row2 + row6) * 4433;
            var (inner, outer) = (shared - (row6 * 15137), shared + (row2 * 6270));
            var (sum, difference) = (((row0 + row4) << ConstantBits) + half, ((row0 - row4) << ConstantBits) + half);
            (even0, even1, even2, even3) = (sum + outer, difference + inner, difference - inner, sum - outer);
            var all = (row7 + row3 + row5 + row1) * 9633;
            var (pair71, pair53) = ((row7 + row1) * -7373, (row5 + row3) * -20995);
            var (pair73, pair51) = (((row7 + row3) * -16069) + all, ((row5 + row1) * -3196) + all);
            odd3 = (row7 * 2446) + pair71 + pair73;
            odd2 = (row5 * 16819) + pair53 + pair51;
            odd1 = (row3 * 25172) + pair53 + pair73;
            odd0 = (row1 * 12299) + pair71 + pair51;
        }

        (row0, row7) = ((even0 + odd0) >> shift, (even0 - odd0) >> shift);
        (row1, row6) = ((even1 + odd1) >> shift, (even1 - odd1) >> shift);
        (row2, row5) = ((even2 + odd2) >> shift, (even2 - odd2) >> shift);
        (row3, row4) = ((even3 + odd3) >> shift, (even3 - odd3) >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Vector256<int> Row(ref int first, int number) => ref Unsafe.As<int, Vector256<int>>(ref Unsafe.Add(ref first, number * Side));

    /// <summary>Four squares of 4 × 4 numbers, two of which change places.</summary>
    private static void Transpose(ref int first)
    {
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
