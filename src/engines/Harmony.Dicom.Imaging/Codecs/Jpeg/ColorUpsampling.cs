namespace Harmony.Dicom.Imaging.Codecs.Jpeg;

/// <summary>
/// Colour differences that pixels share, spread in straight lines between their centres, as libjpeg does: DCMTK, browsers and viewers show JPEG so. What
/// comes in is repeated for each of the pixels.
/// </summary>
internal static class ColorUpsampling
{
    /// <summary>Smooths the second and third of three samples of 8 bits, where two pixels of a row, or two rows as well, share them.</summary>
    public static void Smooth(JpegHeader header, PixelFormat format, byte[] samples)
    {
        var (first, second, third) = (header.Components[0], header.Components[1], header.Components[2]);
        if (second != third with { Id = second.Id, Table = second.Table } || first.Horizontal != 2 * second.Horizontal || format.Columns <= 2) return;
        if (first.Vertical != second.Vertical && first.Vertical != 2 * second.Vertical) return;
        for (var component = 1; component < format.Samples; component++)
        {
            if (first.Vertical == second.Vertical) SmoothRows(format, samples, component);
            else SmoothBoth(format, samples, component);
        }
    }

    private static void SmoothRows(PixelFormat format, byte[] samples, int component)
    {
        var shared = new int[(format.Columns + 1) / 2];
        for (var y = 0; y < format.Rows; y++)
        {
            var line = samples.AsSpan((y * format.Columns * 3) + component, (format.Columns * 3) - component);
            for (var i = 0; i < shared.Length; i++) shared[i] = line[6 * i];
            Spread(shared, line, format.Columns, (Even: 1, Odd: 2), 2);
        }
    }

    private static void SmoothBoth(PixelFormat format, byte[] samples, int component)
    {
        var (width, height) = ((format.Columns + 1) / 2, (format.Rows + 1) / 2);
        var shared = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var line = samples.AsSpan((2 * y * format.Columns * 3) + component);
            var to = shared.AsSpan(y * width, width);
            for (var x = 0; x < to.Length; x++) to[x] = line[6 * x];
        }

        var sums = new int[width];
        for (var y = 0; y < format.Rows; y++)
        {
            var near = shared.AsSpan((y >> 1) * width, width);
            var far = shared.AsSpan(Math.Clamp((y & 1) == 0 ? (y >> 1) - 1 : (y >> 1) + 1, 0, height - 1) * width, width);
            for (var i = 0; i < sums.Length; i++) sums[i] = (3 * near[i]) + far[i];
            var line = samples.AsSpan((y * format.Columns * 3) + component, (format.Columns * 3) - component);
            Spread(sums, line, format.Columns, (Even: 8, Odd: 7), 4);
        }
    }

    /// <summary>Makes two pixels of each shared value: three parts of it and one of the neighbour on their side; at the ends there is no other.</summary>
    /// <param name="shared">The values.</param>
    /// <param name="line">The samples, every third of which is written.</param>
    /// <param name="columns">Pixels of the line.</param>
    /// <param name="rounding">What is added to even and odd pixels before the shift.</param>
    /// <param name="shift">Bits that go.</param>
    private static void Spread(ReadOnlySpan<int> shared, Span<byte> line, int columns, (int Even, int Odd) rounding, int shift)
    {
        var (before, here) = (shared[0], shared[0]);
        for (int i = 0, to = 0; i < shared.Length; i++, to += 6)
        {
            var after = i + 1 < shared.Length ? shared[i + 1] : here;
            line[to] = (byte)(((3 * here) + before + rounding.Even) >> shift);
            if ((2 * i) + 1 < columns) line[to + 3] = (byte)(((3 * here) + after + rounding.Odd) >> shift);
            (before, here) = (here, after);
        }
    }
}
