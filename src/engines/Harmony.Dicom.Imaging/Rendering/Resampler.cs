using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>
/// Cuts, mirrors and scales images: by the mean of the area where they become smaller, in straight lines between pixels where they become larger.
/// </summary>
internal static class Resampler
{
    private const int MostLines = 64;

    /// <param name="image">The image.</param>
    /// <param name="region">The part of it; with a negative width or height mirrored.</param>
    /// <param name="width">Of the result.</param>
    /// <param name="height">Of the result.</param>
    public static RenderedImage Scale(RenderedImage image, ImageRegion region, int width, int height)
    {
        var columns = Weights.Of(region.Left, region.Width, width, image.Width);
        var rows = Weights.Of(region.Top, region.Height, height, image.Height);
        var channels = image.Channels;
        // Rows first: then a row of the result needs only the lines it consists of.
        var sum = new float[width * channels];
        var pixels = new byte[width * height * image.BytesPerPixel];
        var cache = new Dictionary<int, float[]>();
        var free = new Stack<float[]>();
        for (var y = 0; y < height; y++)
        {
            Array.Clear(sum);
            var sources = rows.Sources(y);
            var weights = rows.Shares(y);
            for (var i = 0; i < sources.Length; i++)
            {
                var (source, weight) = (sources[i], weights[i]);
                if (!cache.TryGetValue(source, out var scaled))
                {
                    if (cache.Count > MostLines)
                    {
                        foreach (var line in cache.Values) free.Push(line);
                        cache.Clear();
                    }

                    if (!free.TryPop(out scaled)) scaled = new float[width * channels];
                    Row(image, source, columns, scaled);
                    cache[source] = scaled;
                }

                for (var x = 0; x < sum.Length; x++) sum[x] += scaled[x] * weight;
            }

            Store(sum, pixels, y * sum.Length, image.Depth);
        }

        return image with { Width = width, Height = height, Pixels = pixels };
    }

    private static void Row(RenderedImage image, int y, Weights columns, float[] to)
    {
        var channels = image.Channels;
        var length = image.Width * image.BytesPerPixel;
        var line = image.Pixels.AsSpan(y * length, length);
        for (var x = 0; x < to.Length / channels; x++)
        {
            var sources = columns.Sources(x);
            var weights = columns.Shares(x);
            for (var c = 0; c < channels; c++)
            {
                var sum = 0f;
                if (image.Depth == 8)
                {
                    for (var i = 0; i < sources.Length; i++) sum += weights[i] * line[(sources[i] * channels) + c];
                }
                else
                {
                    var samples = MemoryMarshal.Cast<byte, ushort>(line);
                    for (var i = 0; i < sources.Length; i++) sum += weights[i] * samples[(sources[i] * channels) + c];
                }

                to[(x * channels) + c] = sum;
            }
        }
    }

    private static void Store(float[] line, byte[] pixels, int first, int depth)
    {
        for (var x = 0; x < line.Length; x++)
        {
            if (depth == 8) pixels[first + x] = (byte)Math.Clamp(MathF.Round(line[x]), 0, byte.MaxValue);
            else BitConverter.TryWriteBytes(pixels.AsSpan(2 * (first + x)), (ushort)Math.Clamp(MathF.Round(line[x]), 0, ushort.MaxValue));
        }
    }

    /// <summary>Which pixels of a line, and how much of each, make a pixel of the result.</summary>
    private sealed class Weights(int[] starts, int[] sources, float[] weights)
    {
        public ReadOnlySpan<int> Sources(int target) => sources.AsSpan(starts[target], starts[target + 1] - starts[target]);

        public ReadOnlySpan<float> Shares(int target) => weights.AsSpan(starts[target], starts[target + 1] - starts[target]);

        public static Weights Of(double start, double length, int targets, int available)
        {
            var (starts, sources, weights) = (new int[targets + 1], new List<int>(), new List<float>());
            var step = Math.Abs(length) / targets;
            var begin = length < 0 ? start + length : start;
            for (var target = 0; target < targets; target++)
            {
                var place = length < 0 ? targets - 1 - target : target;
                var (from, to) = (begin + (place * step), begin + ((place + 1) * step));
                // Smaller: the area; larger: between the two nearest centres.
                if (step < 1) (from, to) = (((from + to) / 2) - 0.5, ((from + to) / 2) + 0.5);
                var total = 0f;
                for (var source = (int)Math.Floor(from); source < to; source++)
                {
                    var covered = (float)(Math.Min(to, source + 1) - Math.Max(from, source));
                    if (covered <= 1e-6f) continue;
                    sources.Add(Math.Clamp(source, 0, available - 1));
                    weights.Add(covered);
                    total += covered;
                }

                for (var i = starts[target]; i < weights.Count; i++) weights[i] /= total;
                starts[target + 1] = weights.Count;
            }

            return new Weights(starts, [.. sources], [.. weights]);
        }
    }
}
