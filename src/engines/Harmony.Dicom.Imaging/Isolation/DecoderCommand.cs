using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Harmony.Dicom.Imaging.Isolation;

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
