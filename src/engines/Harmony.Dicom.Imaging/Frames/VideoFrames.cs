using Harmony.Dicom.Data.Uids;

namespace Harmony.Dicom.Imaging.Frames;

/// <summary>Frames of a video are in one bit stream and cannot be read one by one.</summary>
internal sealed class VideoFrames(int count, TransferSyntax syntax) : IFrameSource
{
    public int Count => count;

    public ValueTask<byte[]> ReadAsync(int index, CancellationToken ct)
        => throw new ImagingException(ImagingErrorKind.Unsupported, $"{syntax.Keyword} {syntax.Uid} is a video: it is passed on as it is, not by frames");
}
