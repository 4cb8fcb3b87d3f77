namespace Harmony.Dicom.Imaging;

/// <summary>
/// A decoded frame: samples of a pixel beside each other, rows from the top, each sample in <see cref="PixelFormat.BytesPerSample"/> bytes, least significant first.
/// Where the object is uncompressed, samples are as they are stored, with bits above <see cref="PixelFormat.HighBit"/> and all.
/// </summary>
/// <param name="format">What they are: its photometric interpretation is what was decoded to, and it is never planar.</param>
/// <param name="samples">The bytes; as many as <see cref="PixelFormat.FrameLength"/> says.</param>
public sealed class FrameImage(PixelFormat format, byte[] samples)
{
    /// <summary>What the samples are.</summary>
    public PixelFormat Format { get; } = format;

    /// <summary>The samples.</summary>
    public ReadOnlyMemory<byte> Samples => Bytes;

    internal byte[] Bytes { get; } = samples;
}
