using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Json;
using Harmony.Dicom.Network.Dimse;
using static Harmony.Dicom.Tests.Samples;

namespace Harmony.Dicom.Tests.Files;

public sealed class DicomFileTests : IDisposable
{
    private static readonly DicomJsonWriterOptions References = new()
    {
        BulkDataUri = (path, e) => e is DicomFragments f ? $"{path}/{f.Fragments.Count}" : null
    };
    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-dicom-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Syntaxes() => [.. Native.Append(TransferSyntax.JPEG2000).Select(s => s.Uid)];

    [Theory]
    [MemberData(nameof(Syntaxes))]
    public async Task Save_ThenOpen_IsTheSameFile(string uid)
    {
        var syntax = TransferSyntax.Of(uid);
        var dataSet = syntax.IsEncapsulated ? Encapsulated() : Everything();
        await DicomFile.Create(dataSet, syntax).SaveAsync(At("a.dcm"));
        var file = await DicomFile.OpenAsync(At("a.dcm"));
        Assert.Equal((syntax, syntax), (file.TransferSyntax, file.Meta.TransferSyntax));
        Assert.Equal(Uid.CTImageStorage, file.Meta.MediaStorageSopClassUid);
        Assert.Equal(FileMetaInformation.HarmonyImplementationClassUid, file.Meta.ImplementationClassUid);
        Assert.Empty(file.Warnings);
        Assert.Equal(DicomJsonWriter.ToUtf8(dataSet, References), DicomJsonWriter.ToUtf8(file.DataSet, References));
        Assert.Equal(["a.dcm"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
    }

    /// <summary>4 MiB of pixels in each of two byte orders: they stay in the file, and go from there into another, swapped if need be.</summary>
    [Theory]
    [InlineData("1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")]
    [InlineData("1.2.840.10008.1.2.2", "1.2.840.10008.1.2")]
    public async Task Open_LongValues_StayInTheFile(string from, string to)
    {
        var pixels = new byte[4 << 20];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i * 7);
        var made = Everything().ToBuilder().Set(new DicomValue(DicomTag.PixelData, Vr.OW, pixels)).Build();
        await DicomFile.Create(made, TransferSyntax.Of(from)).SaveAsync(At("a.dcm"));
        var file = await DicomFile.OpenAsync(At("a.dcm"));
        var bulk = Assert.IsType<DicomBulkValue>(file.DataSet[^1]);
        Assert.Equal((4L << 20, from == TransferSyntax.ExplicitVRBigEndian.Uid), (bulk.Data.Length, bulk.Data.IsBigEndian));
        await (file with { TransferSyntax = TransferSyntax.Of(to) }).SaveAsync(At("a.dcm"));
        var all = await DicomFile.OpenAsync(At("a.dcm"), new DicomReadOptions { BulkThreshold = long.MaxValue });
        Assert.Equal(to, all.Meta.TransferSyntax!.Uid);
        Assert.Equal(pixels, Assert.IsType<DicomValue>(all.DataSet[^1]).Bytes.ToArray());
    }

    [Fact]
    public async Task Open_StopBefore_ReadsNoFurther()
    {
        await DicomFile.Create(Everything(), TransferSyntax.ExplicitVRLittleEndian).SaveAsync(At("a.dcm"));
        var file = await DicomFile.OpenAsync(At("a.dcm"), new DicomReadOptions { StopBefore = DicomTag.PatientID });
        Assert.Equal((DicomTag.PatientID, DicomTag.PatientName), (file.StoppedBefore, file.DataSet[^1].Tag));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await file.SaveAsync(At("b.dcm")));
        Assert.False(File.Exists(At("b.dcm")));
    }

    public static TheoryData<string, DicomWarningKind[], byte[]> Oddities()
    {
        var id = Element(0x00100020, "LO", "P1"u8);
        byte[] idImplicit = Implicit(0x00100020, 2, 0x50, 0x31), idBig = [0, 0x10, 0, 0x20, (byte)'L', (byte)'O', 0, 2, 0x50, 0x31];
        var explicitFile = Samples.Part10("1.2.840.10008.1.2.1", id);
        var wrongLength = explicitFile.ToArray();
        wrongLength[140] = 99;
        return new()
        {
            { "as it should be", [], explicitFile },
            { "no preamble", [DicomWarningKind.MissingPreamble], explicitFile[132..] },
            { "no preamble but DICM", [DicomWarningKind.MissingPreamble], explicitFile[128..] },
            { "no meta information, explicit", [DicomWarningKind.MissingPreamble, DicomWarningKind.MissingMetaInformation], id },
            { "no meta information, implicit", [DicomWarningKind.MissingPreamble, DicomWarningKind.MissingMetaInformation], idImplicit },
            { "no meta information, big endian", [DicomWarningKind.MissingPreamble, DicomWarningKind.MissingMetaInformation], idBig },
            { "wrong group length", [DicomWarningKind.WrongGroupLength], wrongLength },
            { "says implicit, is explicit", [DicomWarningKind.WrongTransferSyntax], Samples.Part10("1.2.840.10008.1.2", id) },
            { "says explicit, is implicit", [DicomWarningKind.WrongTransferSyntax], Samples.Part10("1.2.840.10008.1.2.1", idImplicit) },
            { "a private transfer syntax", [], Samples.Part10("1.2.3.4.5", id) },
        };
    }

    [Theory]
    [MemberData(nameof(Oddities))]
    public async Task Read_FileThatBreaksTheStandard_IsUnderstood(string what, DicomWarningKind[] warnings, byte[] bytes)
    {
        foreach (var file in new[] { DicomFile.Read(bytes), await DicomFile.ReadAsync(new MemoryStream(bytes)) })
        {
            Assert.Equal((what, "P1"), (what, file.DataSet.GetString(DicomTag.PatientID)));
            Assert.Equal(warnings, file.Warnings.Select(w => w.Kind));
        }
    }

    /// <summary>
    /// What the name of a transfer syntax says about pixel data stays, whatever elements look like; the names of the three others say nothing more.
    /// </summary>
    [Theory]
    [InlineData("1.2.840.10008.1.2", true, "1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.1", false, "1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.4.50", false, "1.2.840.10008.1.2.4.50")]
    [InlineData("1.2.840.113619.5.2", false, "1.2.840.113619.5.2")]
    [InlineData("1.2.840.113619.5.2", true, "1.2.840.113619.5.2")]
    [InlineData("1.2.3.4.5", false, "1.2.3.4.5")]
    public async Task Read_SyntaxThatIsNotTheEncoding_KeepsItsNameIfThatSaysMore(string declared, bool isExplicit, string syntax)
    {
        byte[] dataSet = isExplicit
            ? [.. Element(0x00080016, "UI", "1.2.3\0"u8), .. Element(0x00080018, "UI", "1.2.4\0"u8), .. Element(0x7FE00010, "OW", [1, 2])]
            : [.. Implicit(0x00080016, 6, "1.2.3\0"u8.ToArray()), .. Implicit(0x00080018, 6, "1.2.4\0"u8.ToArray()), .. Implicit(0x7FE00010, 2, 1, 2)];
        var bytes = Samples.Part10(declared, dataSet);
        var file = DicomFile.Read(bytes);
        Assert.Equal(
            (syntax, isExplicit, "1.2.4"), (file.TransferSyntax.Uid, file.TransferSyntax.IsExplicitVr, file.DataSet.GetString(DicomTag.SOPInstanceUID)));

        var instance = await SopInstance.ReadAsync(new MemoryStream(bytes));
        Assert.Equal((syntax, "1.2.4"), (instance.TransferSyntax.Uid, instance.SopInstanceUid));
        Assert.Equal(syntax.StartsWith("1.2.840.10008.1.2", StringComparison.Ordinal)
            && !syntax.Contains(".4.", StringComparison.Ordinal), instance.CanBeSentAs(TransferSyntax.ExplicitVRBigEndian));
        using var sent = new MemoryStream();
        await instance.WriteAsync(sent, instance.TransferSyntax, CancellationToken.None);
        Assert.Equal(dataSet, sent.ToArray());
    }

    [Fact]
    public async Task Save_PrivateSyntaxOfGE_LeavesPixelsAsTheyAre()
    {
        var dataSet = new DicomDataSetBuilder().Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, "1.2.4")
            .Set(new DicomValue(DicomTag.PixelData, Vr.OW, new byte[] { 1, 2 })).Build();
        await DicomFile.Create(dataSet, TransferSyntax.GEPrivateImplicitVRBigEndianPixels).SaveAsync(At("a.dcm"));
        var bytes = await File.ReadAllBytesAsync(At("a.dcm"));
        Assert.Equal(Implicit(0x7FE00010, 2, 1, 2), bytes[^10..]);
        Assert.Equal([1, 2], ((DicomValue)(await DicomFile.OpenAsync(At("a.dcm"))).DataSet[^1]).Bytes.ToArray());
    }

    private string At(string name) => Path.Combine(_folder, name);
}
