namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>An image as people see it: grey, 0 is black, or red, green and blue.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1: grey; 3: colour.</param>
/// <param name="Depth">Bits of a sample: 8, or 16 in little endian order.</param>
/// <param name="Pixels">Rows from the top, samples of a pixel beside each other.</param>
public sealed record RenderedImage(int Width, int Height, int Channels, int Depth, byte[] Pixels)
{
    /// <summary>The ICC profile of its colours; empty if it has none.</summary>
    public ReadOnlyMemory<byte> IccProfile { get; init; }

    internal int BytesPerPixel => Channels * Depth / 8;
}
