using Harmony.Dicom.Data;

namespace Harmony.Dicom.Imaging;

/// <summary>What stands for a whole: a frame for an object, an object for a series.</summary>
public static class Representative
{
    /// <summary>The frame that the object names as such (0028,6010), else the middle one; from 1.</summary>
    public static int FrameOf(DicomImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var named = image.DataSet.GetInt32(DicomTag.RepresentativeFrameNumber);
        return named >= 1 && named <= image.FrameCount ? named.Value : (image.FrameCount + 1) / 2;
    }

    /// <summary>The object that stands for a series or study: the middle one of those that are images, in their order.</summary>
    /// <param name="count">How many there are.</param>
    /// <returns>From 0.</returns>
    public static int IndexOf(int count) => Math.Max(0, (count - 1) / 2);

    /// <summary>How long a frame is shown: (0018,1063), or by the rate that is recommended (0008,2144) or was filmed at (0018,0040); else 100 ms.</summary>
    public static TimeSpan FrameTimeOf(DicomImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var set = image.DataSet;
        var milliseconds = set.GetDouble(DicomTag.FrameTime)
            ?? 1000 / (set.GetDouble(DicomTag.RecommendedDisplayFrameRate) ?? set.GetDouble(DicomTag.CineRate) ?? 10);
        return TimeSpan.FromMilliseconds(milliseconds is >= 10 and <= 600_000 ? milliseconds : 100);
    }
}
