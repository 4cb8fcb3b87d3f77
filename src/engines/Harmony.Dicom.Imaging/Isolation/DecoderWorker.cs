using Harmony.Dicom.Imaging.Codecs;

namespace Harmony.Dicom.Imaging.Isolation;

/// <summary>The other end of <see cref="FrameDecoderOptions.Worker"/>: decodes frames that come on a stream, one after another, until it ends.</summary>
public static class DecoderWorker
{
    /// <summary>Runs until the input ends. For a program of its own, whose standard input and output these are; nothing else may write to the output.</summary>
    /// <param name="input">Requests.</param>
    /// <param name="output">Decoded frames and errors.</param>
    public static async Task RunAsync(Stream input, Stream output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        EndsFirstWhenMemoryIsShort();
        try
        {
            while (await WorkerMessages.ReadRequestAsync(input) is var (format, syntax, stored))
            {
                FrameImage image;
                try
                {
                    image = FrameCodec.Decode(format, syntax, stored, ImageLimits.Default);
                }
                catch (ImagingException e)
                {
                    await WorkerMessages.WriteErrorAsync(output, e.Kind, e.Message);
                    continue;
                }

                await WorkerMessages.WriteImageAsync(output, image);
            }
        }
        catch (IOException)
        {
            // The process that wanted frames is gone, and wants no more.
        }
    }

    /// <summary>Linux ends the process with the highest score when memory runs out: better this than the one that serves.</summary>
    private static void EndsFirstWhenMemoryIsShort()
    {
        const string Score = "/proc/self/oom_score_adj";
        if (!OperatingSystem.IsLinux() || !File.Exists(Score)) return;
        try
        {
            File.WriteAllText(Score, "1000");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Containers may forbid it; the limits on sizes hold nevertheless.
        }
    }
}
