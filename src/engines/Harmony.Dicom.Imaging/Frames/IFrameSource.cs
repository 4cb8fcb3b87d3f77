namespace Harmony.Dicom.Imaging.Frames;

/// <summary>Where the frames of an object are, and how they are read, each alone.</summary>
internal interface IFrameSource
{
    /// <summary>How many frames there are.</summary>
    int Count { get; }

    /// <summary>Reads a frame as it is stored, words in little endian order.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="ct">Ends the reading.</param>
    ValueTask<byte[]> ReadAsync(int index, CancellationToken ct);
}
