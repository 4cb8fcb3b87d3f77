using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network;
using Harmony.Dicom.Network.Dimse;
using Harmony.Imaging.Tests.Services.DicomScu;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>More kinds of objects than an association has presentation contexts: every one is retrieved, in several associations.</summary>
public sealed class ManyClassesTests
{
    private const int Classes = 130; // 128 contexts: PS3.8 table 9-13

    /// <summary>In one series, and in series of few classes each; whether the PACS says which classes a study has or is asked for each object.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(13, true)]
    public async Task Study_OfMoreClassesThanContexts_IsRetrievedWhole(int series, bool tellsClasses)
    {
        await using var pacs = FakePacs.Start(new FakePacsSettings
        {
            Says = (_, match) => tellsClasses ? match : match.ToBuilder().Remove(DicomTag.SOPClassesInStudy).Build(),
        });
        var classes = StorageClasses();
        for (var i = 0; i < Classes; i++) Add(pacs, classes[i], $"1.2.{1 + (i % series)}", $"1.2.9.{i}");
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync("studies/1.2", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        var parts = await WebGateway.PartsAsync(response);

        var retrieved = parts.Select(p => DicomFile.Read(p.Content).DataSet.GetString(DicomTag.SOPClassUID)!).Order(StringComparer.Ordinal);
        Assert.Equal(classes.Take(Classes).Order(StringComparer.Ordinal), retrieved);
    }

    /// <summary>A class of which a compressed object would find no context any more, if all the others had theirs first.</summary>
    [Fact]
    public async Task Study_OfManyClasses_LeavesRoomForCompressedObjects()
    {
        var classes = StorageClasses();
        await using var pacs = FakePacs.Start(new FakePacsSettings
        {
            Sends = o => ValueTask.FromResult(SopInstance.Of(o, o.GetString(DicomTag.SOPClassUID) == Uid.XRayAngiographicImageStorage
                ? TransferSyntax.JPEG2000Lossless
                : TransferSyntax.ExplicitVRLittleEndian)),
        });
        for (var i = 0; i < 40; i++) Add(pacs, classes[i], "1.2.1", $"1.2.9.{i}");
        Add(pacs, Uid.XRayAngiographicImageStorage, "1.2.1", "1.2.9.99", compressed: true);
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync("studies/1.2", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        var parts = await WebGateway.PartsAsync(response);

        Assert.Equal(41, parts.Count);
        Assert.Single(parts, p => p.ContentType.EndsWith(TransferSyntax.JPEG2000Lossless.Uid, StringComparison.Ordinal));
    }

    /// <summary>The same by C-GET from DIMSE to DIMSE: the common SOP classes come first, and what is missing then is asked for by its UIDs.</summary>
    [Theory]
    [InlineData(1, """{"StudyInstanceUID":{"Value":["1.2"]}}""", 130)]
    [InlineData(13, """{"StudyInstanceUID":{"Value":["1.2"]}}""", 130)]
    [InlineData(2, """{"PatientID":{"Value":["PAT1"]}}""", 130)]
    [InlineData(13, """{"StudyInstanceUID":{"Value":["1.2"]},"SeriesInstanceUID":{"Value":["1.2.1","1.2.2"]}}""", 20)]
    [InlineData(13, """{"StudyInstanceUID":{"Value":["1.2"]},"SeriesInstanceUID":{"Value":["1.2.13"]},"SOPInstanceUID":{"Value":["1.2.9.129"]}}""", 1)]
    public async Task Get_OfMoreClassesThanContexts_BringsAll(int series, string identifier, int expected)
    {
        await using var pacs = FakePacs.Start();
        var classes = StorageClasses();
        for (var i = 0; i < Classes; i++) Add(pacs, classes[i], $"1.2.{1 + (i % series)}", $"1.2.9.{i}");
        await using var gateway = await ScuGateway.StartAsync(pacs.Port);

        var (status, answer) = await gateway.AskAsync("/get", identifier);

        Assert.True(status == 200, answer.ToJsonString());
        Assert.Equal(expected, (int)answer["file_count"]!);
        Assert.Equal(expected, answer["instances"]!.AsArray().Select(i => i!["00080018"]!["Value"]![0]!.ToString()).Distinct(StringComparer.Ordinal).Count());
    }

    private static string[] StorageClasses() => [.. typeof(Uid).GetFields()
        .Where(f => f.FieldType == typeof(string) && f.Name.EndsWith("Storage", StringComparison.Ordinal)).Select(f => (string)f.GetValue(null)!)
        .Where(u => SopClasses.IsStorage(u) && u != Uid.XRayAngiographicImageStorage).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static void Add(FakePacs pacs, string sopClass, string series, string instance, bool compressed = false)
    {
        var made = new DicomDataSetBuilder().Set(DicomTag.SOPClassUID, sopClass).Set(DicomTag.SOPInstanceUID, instance).Set(DicomTag.PatientID, "PAT1")
            .Set(DicomTag.StudyInstanceUID, "1.2").Set(DicomTag.SeriesInstanceUID, series).Set(DicomTag.Modality, "OT");
        if (compressed) made.Set(new DicomFragments(DicomTag.PixelData, Vr.OB, [], [new MemoryBulkData(new byte[64])]));
        var built = made.Build();
        pacs.Objects.Add(built, built);
    }
}
