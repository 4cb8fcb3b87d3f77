using System.Runtime.InteropServices;

namespace Harmony.Dicom.Imaging.Rendering;

/// <summary>A part of an image, in pixels of the image: the <c>viewport</c> of PS3.18 §8.3.5.1.3 has it, and the <c>region</c> of WADO-URI.</summary>
/// <param name="Left">The first column, from 0.</param>
/// <param name="Top">The first row, from 0.</param>
/// <param name="Width">Columns; negative: mirrored.</param>
/// <param name="Height">Rows; negative: upside down.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ImageRegion(double Left, double Top, double Width, double Height);

/// <summary>How a frame is rendered. The defaults show what the object says: its first window, its overlays, in its own size.</summary>
public sealed record RenderOptions
{
    /// <summary>The defaults.</summary>
    public static RenderOptions Default { get; } = new();

    /// <summary>
    /// The values to show; null: the object's first window, or VOI LUT, or if it has none, all values there are (of up to 8 bits: that there can be).
    /// </summary>
    public Window? Window { get; init; }

    /// <summary>Which of the object's windows to take where there are several, from 1. Default 1.</summary>
    public int WindowIndex { get; init; } = 1;

    /// <summary>
    /// The largest width of the result, in pixels. Null: as large as the image, or as <see cref="MaxHeight"/> makes it. The image keeps its proportions.
    /// </summary>
    public int? MaxWidth { get; init; }

    /// <summary>The largest height of the result, in pixels.</summary>
    public int? MaxHeight { get; init; }

    /// <summary>Whether an image that is smaller is made as large as allowed. Default true.</summary>
    public bool Enlarges { get; init; } = true;

    /// <summary>The part to show; null: all.</summary>
    public ImageRegion? Region { get; init; }

    /// <summary>Whether overlays (60xx,3000) are drawn. Default true.</summary>
    public bool DrawsOverlays { get; init; } = true;

    /// <summary>Bits of a sample of the result: 8 or 16. Default 8.</summary>
    public int Depth { get; init; } = 8;

    /// <summary>Whether the object's ICC profile goes with the result. Default true.</summary>
    public bool KeepsIccProfile { get; init; } = true;
}

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
