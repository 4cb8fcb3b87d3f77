using System.Diagnostics.CodeAnalysis;
using System.Reflection;
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

/// <summary>How a process is started that runs <see cref="DecoderWorker.RunAsync"/> on its standard input and output.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record DecoderCommand(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>A program of .NET that may be the one that is running, with an argument that makes it a worker.</summary>
    /// <param name="program">The assembly that has the main method.</param>
    /// <param name="verb">What its main method takes for that.</param>
    [SuppressMessage("SingleFile", "IL3000", Justification = "an assembly within a single file has no location, and the file is the program then")]
    public static DecoderCommand Of(Assembly program, string verb)
    {
        ArgumentNullException.ThrowIfNull(program);
        var running = Environment.ProcessPath ?? "dotnet";
        var name = Path.GetFileNameWithoutExtension(running);
        if (program.Location.Length == 0 || name == program.GetName().Name) return new DecoderCommand(running, [verb]);
        return new DecoderCommand(name == "dotnet" ? running : "dotnet", [program.Location, verb]);
    }
}
