using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Json;
using Harmony.Testing.Dicom;
using Harmony.Testing;
using Harmony.Testing.Requirements;

namespace Harmony.Dicom.Tests.Json;

/// <summary>Our JSON is that of DCMTK's <c>dcm2json</c>: elements, their order, VRs and values; numbers count by their value.</summary>
public sealed class DcmtkComparisonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-dcmtk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DcmtkFact(Shared = "samples/dicom")]
    public async Task SampleStudy_IsReadAsDcmtkReadsIt()
    {
        var samples = SharedFolder.PathOf("samples/dicom");
        var files = Directory.EnumerateFiles(samples, "*.dcm", SearchOption.AllDirectories).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files) await AssertSameAsync(file);
    }

    /// <summary>What we write, in every encoding, and what DCMTK makes of it in every other.</summary>
    [DcmtkTheory]
    [InlineData("+te")]
    [InlineData("+ti")]
    [InlineData("+tb")]
    [InlineData("+td")]
    [InlineData("+te", "+e")]
    [InlineData("+te", "-e")]
    [InlineData("+ti", "+g")]
    [InlineData("+te", "+g=")]
    [InlineData("+te", "-F")]
    [InlineData("+ti", "-F")]
    public async Task OurFile_ConvertedByDcmtk_IsReadAsDcmtkReadsIt(params string[] options)
    {
        foreach (var syntax in Samples.Native)
        {
            var ours = At(syntax.Keyword + ".dcm");
            await DicomFile.Create(Samples.Everything(), syntax).SaveAsync(ours);
            await AssertSameAsync(ours);
            await RunAsync("dcmconv", [.. options, ours, At("converted.dcm")]);
            await AssertSameAsync(At("converted.dcm"));
        }
    }

    [DcmtkTheory("gdcmconv")]
    [InlineData("dcmcrle", "+fo")]
    [InlineData("dcmcjpeg", "+e1")]
    [InlineData("dcmcjpeg", "+eb")]
    [InlineData("dcmcjpls", "+el")]
    [InlineData("gdcmconv", "--j2k")]
    [InlineData("gdcmconv", "--jpegls")]
    [InlineData("gdcmconv", "--rle")]
    public async Task CompressedFile_IsReadAsDcmtkReadsIt(string program, string option)
    {
        var image = Samples.Everything().ToBuilder()
            .Set(DicomTag.SamplesPerPixel, 1).Set(DicomTag.PhotometricInterpretation, "MONOCHROME2").Set(DicomTag.Rows, 64).Set(DicomTag.Columns, 64)
            .Set(DicomTag.BitsAllocated, 8).Set(DicomTag.BitsStored, 8).Set(DicomTag.HighBit, 7).Set(DicomTag.PixelRepresentation, 0)
            .Set(new DicomValue(DicomTag.PixelData, Vr.OB, Enumerable.Range(0, 64 * 64).Select(i => (byte)((i * i) >> 4)).ToArray())).Build();
        await DicomFile.Create(image, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(At("a.dcm"));
        await RunAsync(program, option == "+fo" ? [At("a.dcm"), At("b.dcm")] : [option, At("a.dcm"), At("b.dcm")]);
        var file = await DicomFile.OpenAsync(At("b.dcm"));
        Assert.True(file.TransferSyntax.IsEncapsulated);
        Assert.Single(Assert.IsType<DicomFragments>(file.DataSet[^1]).Frames(file.DataSet)!);
        await AssertSameAsync(At("b.dcm"));
        // What we write is accepted.
        await file.SaveAsync(At("c.dcm"));
        await AssertSameAsync(At("c.dcm"));
    }

    [DcmtkFact]
    public async Task Image_ByImg2dcm_IsReadAsDcmtkReadsIt()
    {
        // A bitmap of one white pixel.
        await File.WriteAllBytesAsync(At("a.bmp"),
            Convert.FromHexString("424D3A000000000000003600000028000000010000000100000001001800000000000400000000000000000000000000000000000000FFFFFF00"));
        await RunAsync("img2dcm", ["-i", "BMP", At("a.bmp"), At("b.dcm")]);
        await AssertSameAsync(At("b.dcm"));
    }

    /// <summary>Numbers, spaces, empty values and separators as devices write them.</summary>
    [DcmtkFact]
    public async Task Dump_WithOddValues_IsReadAsDcmtkReadsIt()
    {
        await File.WriteAllTextAsync(At("a.dump"), """
            (0008,0000) UL 200
            (0008,0005) CS [ISO_IR 100]
            (0008,0008) CS [ORIGINAL\\PRIMARY]
            (0008,0016) UI =CTImageStorage
            (0008,0018) UI [1.2.3.4]
            (0008,0050) SH []
            (0008,0054) AE [ A\B ]
            (0009,0010) LO [ACME]
            (0009,1001) UN 01\02\03\04
            (0009,1009) UT [a\b ]
            (0010,0010) PN [A^B^^=C^D=E\F^G^^^]
            (0010,0020) LO [  a b \]
            (0010,1001) PN []
            (0010,2180) SH [\x]
            (0010,21b0) LT [  lead \ x  ]
            (0018,0050) DS [1.50\ +2e3\-.5\\abc]
            (0018,9087) FD 0.1\1e300\-2
            (0018,9461) FL 0.1\3.4e38\123456789
            (0020,0013) IS [+5\ 007\-3\x]
            (0028,0009) AT (0018,1063)\(0018,1065)
            (0028,0106) SS -5
            (0028,3010) SQ
            (fffe,e0dd) -
            (0040,0275) SQ
            (fffe,e000) -
            (0008,0100) SH [x]
            (fffe,e00d) -
            (fffe,e000) -
            (fffe,e00d) -
            (fffe,e0dd) -
            """);
        await RunAsync("dump2dcm", [At("a.dump"), At("b.dcm")]);
        await AssertSameAsync(At("b.dcm"));
    }

    private static async Task AssertSameAsync(string path)
    {
        var file = await DicomFile.OpenAsync(path, new DicomReadOptions { BulkThreshold = long.MaxValue });
        // DCMTK writes JSON that breaks off at compressed pixel data, which have no form in it.
        var text = await RunAsync("dcm2json", ["-fc", path], mayFail: file.TransferSyntax.IsEncapsulated);
        var theirs = JsonNode.Parse(file.TransferSyntax.IsEncapsulated ? text.Replace(",}", "}", StringComparison.Ordinal) : text)!;
        var ours = JsonNode.Parse(DicomJsonWriter.ToUtf8(file.TransferSyntax.IsEncapsulated
            ? file.DataSet.ToBuilder().Remove(DicomTag.PixelData).Build()
            : file.DataSet))!;
        Assert.Equal($"{path}\n{Canonical(theirs)}", $"{path}\n{Canonical(ours)}");
    }

    /// <summary>The order of members is kept. Numbers are written anew; those of FL are of single precision.</summary>
    private static string Canonical(JsonNode node, string vr = "") => node switch
    {
        JsonObject o => "{" + string.Join(",\n", o.Select(m => $"{m.Key}:{(m.Value is null ? "null" : Canonical(m.Value, o["vr"]?.ToString() ?? ""))}")) + "}",
        JsonArray a => "[" + string.Join(',', a.Select(v => v is null ? "null" : Canonical(v, vr))) + "]",
        JsonValue v when v.GetValueKind() == JsonValueKind.Number
            => vr == "FL" ? ((float)v.GetValue<double>()).ToString("R") : Math.Round(v.GetValue<double>(), 12).ToString("G14"),
        _ => node.ToJsonString(),
    };

    private static async Task<string> RunAsync(string program, string[] arguments, bool mayFail = false)
    {
        var run = await Programs.RunAsync(new ProcessStartInfo(Peers.PathOf(program), arguments) { StandardOutputEncoding = Encoding.UTF8 });
        Assert.True(run.ExitCode == 0 || mayFail, $"{program} {string.Join(' ', arguments)}: {run.Errors}");
        return run.Output;
    }

    private string At(string name) => Path.Combine(_folder, name);
}
