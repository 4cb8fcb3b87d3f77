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
            var line = samples.AsSpan(y * format.Columns * 3, format.Columns * 3);
            for (var i = 0; i < shared.Length; i++) shared[i] = line[(6 * i) + component];
            for (var x = 0; x < format.Columns; x++)
            {
                var i = x >> 1;
                var other = (x & 1) == 0 ? i - 1 : i + 1;
                line[(3 * x) + component] = other < 0 || other >= shared.Length
                    ? (byte)shared[i]
                    : (byte)(((3 * shared[i]) + shared[other] + 1 + (x & 1)) >> 2);
            }
        }
    }

    private static void SmoothBoth(PixelFormat format, byte[] samples, int component)
    {
        var (width, height) = ((format.Columns + 1) / 2, (format.Rows + 1) / 2);
        var shared = new byte[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) shared[(y * width) + x] = samples[(((2 * y * format.Columns) + (2 * x)) * 3) + component];
        var sums = new int[width];
        for (var y = 0; y < format.Rows; y++)
        {
            var (near, far) = (y >> 1, Math.Clamp((y & 1) == 0 ? (y >> 1) - 1 : (y >> 1) + 1, 0, height - 1));
            for (var i = 0; i < width; i++) sums[i] = (3 * shared[(near * width) + i]) + shared[(far * width) + i];
            var line = samples.AsSpan(y * format.Columns * 3, format.Columns * 3);
            for (var x = 0; x < format.Columns; x++)
            {
                var i = x >> 1;
                var isRight = (x & 1) == 1;
                var other = Math.Clamp(isRight ? i + 1 : i - 1, 0, width - 1);
                line[(3 * x) + component] = (byte)(((3 * sums[i]) + sums[other] + (isRight ? 7 : 8)) >> 4);
            }
        }
    }
}
