using Harmony.Dicom.Imaging;
using Harmony.Dicom.Imaging.Isolation;

namespace Harmony.Gateway.Cli.Dicom.Pixels;

/// <summary>This program as one that decodes frames for another of its kind: a damaged image costs that process, not the gateway.</summary>
internal static class DecoderProgram
{
    /// <summary>The argument that makes it one. Not a command for people, so the command line does not know it.</summary>
    public const string Verb = "decode-frames";

    /// <summary>A decoder whose native libraries run in processes of this program.</summary>
    public static FrameDecoder CreateDecoder() => new(new FrameDecoderOptions { Worker = DecoderCommand.Of(typeof(DecoderProgram).Assembly, Verb) });

    /// <summary>Decodes frames from standard input until it ends.</summary>
    public static async Task<int> RunAsync()
    {
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        await DecoderWorker.RunAsync(input, output);
        return 0;
    }
}
