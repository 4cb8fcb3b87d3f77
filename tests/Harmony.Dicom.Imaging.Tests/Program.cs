using Harmony.Dicom.Imaging.Isolation;

namespace Harmony.Dicom.Imaging.Tests;

/// <summary>This assembly as the program of a decoder: a good one, and some that go wrong.</summary>
internal static class Program
{
    public static async Task Main(string[] args)
    {
        await using var input = Console.OpenStandardInput();
        await using var output = Console.OpenStandardOutput();
        switch (args)
        {
            case ["decode"]: await DecoderWorker.RunAsync(input, output); break;
            case ["die"]: await input.ReadExactlyAsync(new byte[1]); Environment.Exit(134); break;
            case ["garbage"]: await output.WriteAsync(new byte[4096]); await input.CopyToAsync(Stream.Null); break;
            case ["hang"]: await input.CopyToAsync(Stream.Null); break;
            default: break;
        }
    }
}
