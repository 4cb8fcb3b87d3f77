using System.CommandLine;
using Harmony.Gateway.Cli.Dicom.Pixels;
using Harmony.Gateway.Cli.Dicom.Serving;
using Harmony.Gateway.Cli.Dicom.Storing;

namespace Harmony.Gateway.Cli.Dicom;

/// <summary><c>harmony dicom</c>: looks into DICOM files, shows and converts their images, asks other systems, and stands in for one.</summary>
internal static class DicomCommand
{
    public static Command Create() => new("dicom", "Print and convert DICOM files, query DICOM systems, run a small PACS for trials.")
    {
        DumpCommand.Create(), ImageCommand.Create(), TranscodeCommand.Create(), EchoCommand.Create(), FindCommand.Create(), GetCommand.Create(),
        MoveCommand.Create(), StoreCommand.Create(), ServeCommand.Create(),
    };
}
