using System.Text.Json.Nodes;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;

namespace Harmony.Gateway.Tests.Cli.Dicom;

public sealed class DumpCommandTests
{
    [Fact]
    public async Task Dump_PrintsALineForEachElement()
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder);
        var run = await CommandLine.RunAsync(folder, "dicom", "dump", "FOLDER/a.dcm");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("(0002,0010) UI TransferSyntaxUID                    1.2.840.10008.1.2.1 (ExplicitVRLittleEndian)", run.Lines);
        Assert.Contains("(0010,0010) PN PatientName                          Müller^·[31m", run.Lines);
        Assert.Contains("    (0008,1155) UI ReferencedSOPInstanceUID             1.2", run.Lines);
        Assert.Contains("(7FE0,0010) OW PixelData                            100000 bytes", run.Lines);
    }

    [Fact]
    public async Task Dump_Json_IsDicomJson()
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder);
        var run = await CommandLine.RunAsync(folder, "dicom", "dump", "--json", "FOLDER/a.dcm");
        var json = JsonNode.Parse(run.Output)!;
        Assert.Equal("Müller^\u001b[31m", json["00100010"]!["Value"]![0]!["Alphabetic"]!.ToString());
        Assert.EndsWith("a.dcm#7FE00010", json["7FE00010"]!["BulkDataURI"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing.dcm", "Could not find file")]
    [InlineData("a.txt", "this is no DICOM file (at byte 0)")]
    public async Task Dump_FileThatCannotBeRead_IsAnError(string name, string said)
    {
        using var folder = new ConfigFolder();
        folder.Write("a.txt", "hello");
        var run = await CommandLine.RunAsync(folder, "dicom", "dump", "FOLDER/" + name);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dump_FileThatEndsTooEarly_PrintsWhatIsThere(bool json)
    {
        using var folder = new ConfigFolder();
        await SaveAsync(folder);
        var path = Path.Combine(folder.Path, "a.dcm");
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^50_000]);
        var run = await CommandLine.RunAsync(folder, json ? ["dicom", "dump", "--json", "FOLDER/a.dcm"] : ["dicom", "dump", "FOLDER/a.dcm"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Müller", run.Output, StringComparison.Ordinal);
        Assert.Contains("the data end in the middle of an element", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A name that would colour the terminal, and pixels that stay in the file.</summary>
    private static async Task SaveAsync(ConfigFolder folder)
    {
        var dataSet = new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Uid.CTImageStorage)
            .Set(DicomTag.SOPInstanceUID, "1.2.3")
            .Set(DicomTag.ReferencedImageSequence, [new DicomDataSetBuilder().Set(DicomTag.ReferencedSOPInstanceUID, "1.2").Build()])
            .Set(DicomTag.PatientName, "Müller^\u001b[31m")
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[100_000]))
            .Build();
        await DicomFile.Create(dataSet, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(Path.Combine(folder.Path, "a.dcm"));
    }
}
