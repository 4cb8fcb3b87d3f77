using System.CommandLine;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary><c>harmony dicom</c>: looks into DICOM files.</summary>
internal static class DicomCommand
{
    public static Command Create() => new("dicom", "Look into DICOM files.") { DumpCommand.Create() };
}
