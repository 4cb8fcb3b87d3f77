using Harmony.Dicom.Imaging.Codecs.Jpeg;

namespace Harmony.Dicom.Imaging.Tests.Codecs;

/// <summary>The transform by vectors gives to the bit what the same arithmetic gives number by number, wherever a block's coefficients are.</summary>
public sealed class InverseDctTests
{
    private const int Stride = 11;

    [Theory]
    [InlineData(0xFFFFFFFFFFFFFFFF)]
    [InlineData(0x00000000FFFFFFFF)] // the upper four lines
    [InlineData(0x0F0F0F0F0F0F0F0F)] // the four columns on the left
    [InlineData(0x000000000F0F0F0F)]
    [InlineData(0x0000000000000103)]
    [InlineData(0x8000000000000000)]
    public void Block_WithCoefficientsInSomePlaces_IsTransformedExactly(ulong places)
    {
        var random = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var block = new int[InverseDct.Size];
            for (var i = 0; i < block.Length; i++)
            {
                if ((places >> i & 1) == 1 && random.Next(1 + (round % 4)) == 0) block[i] = random.Next(-2048, 2048) >> (round % 8);
            }

            block[0] = random.Next(-1024, 1024);
            var expected = Plainly(block);
            var (fast, portable) = (new byte[8 * Stride], new byte[8 * Stride]);
            InverseDct.Transform([.. block], places, fast, Stride);
            InverseDct.TransformPortably([.. block], portable, Stride);
            Assert.Equal(expected, fast);
            Assert.Equal(expected, portable);
        }
    }

    [Fact]
    public void Block_WithItsFirstCoefficientOnly_IsFlat()
    {
        for (var coefficient = -1200; coefficient <= 1200; coefficient++)
        {
            var samples = new byte[8 * Stride];
            InverseDct.Flat(coefficient, samples, Stride);
            Assert.Equal(Plainly([coefficient, .. new int[63]]), samples);
        }
    }

    /// <summary>Columns, then lines, as libjpeg's <c>jidctint.c</c> does it.</summary>
    private static byte[] Plainly(int[] block)
    {
        var (numbers, samples) = ((int[])block.Clone(), new byte[8 * Stride]);
        for (var column = 0; column < 8; column++) Eight(numbers, column, 8, 11);
        for (var line = 0; line < 8; line++) Eight(numbers, line * 8, 1, 18);
        for (var i = 0; i < numbers.Length; i++) samples[(i / 8 * Stride) + (i % 8)] = (byte)Math.Clamp(numbers[i] + 128, 0, 255);
        return samples;
    }

    private static void Eight(int[] numbers, int first, int step, int shift)
    {
        int At(int i) => numbers[first + (i * step)];
        var shared = (At(2) + At(6)) * 4433;
        var (inner, outer) = (shared - (At(6) * 15137), shared + (At(2) * 6270));
        var (sum, difference) = ((At(0) + At(4)) << 13, (At(0) - At(4)) << 13);
        int[] even = [sum + outer, difference + inner, difference - inner, sum - outer];
        var all = (At(7) + At(3) + At(5) + At(1)) * 9633;
        var (pair71, pair53) = ((At(7) + At(1)) * -7373, (At(5) + At(3)) * -20995);
        var (pair73, pair51) = (((At(7) + At(3)) * -16069) + all, ((At(5) + At(1)) * -3196) + all);
        int[] odd = [(At(1) * 12299) + pair71 + pair51, (At(3) * 25172) + pair53 + pair73, (At(5) * 16819) + pair53 + pair51, (At(7) * 2446) + pair71 + pair73];
        for (var i = 0; i < 4; i++)
        {
            numbers[first + (i * step)] = (even[i] + odd[i] + (1 << (shift - 1))) >> shift;
            numbers[first + ((7 - i) * step)] = (even[i] - odd[i] + (1 << (shift - 1))) >> shift;
        }
    }
}
