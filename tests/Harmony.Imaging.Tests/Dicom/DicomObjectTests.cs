using System.Text.Json.Nodes;
using Harmony.Core.Faults;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Imaging.Dicom;

namespace Harmony.Imaging.Tests.Dicom;

public class DicomObjectTests
{
    private const int Most = 10_000_000;

    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 400_000).Select(i => (byte)(i * 7))];

    [Fact]
    public async Task Read_Object_KnowsItsHeaderAndIsWholeStill()
    {
        var file = await FileAsync(TransferSyntax.ExplicitVRLittleEndian);
        var source = new MemoryStream(file);
        var dicom = await DicomObject.ReadAsync(source, Most, command: null, CancellationToken.None);
        Assert.Equal(("P-1", "1.2.3"), (dicom.Header.GetString(DicomTag.PatientID), dicom.Meta.MediaStorageSopInstanceUid));
        Assert.True(source.Position < file.Length / 2, "the pixel data were read for nothing");
        Assert.Equal(file, await AllAsync(dicom.Content));
    }

    /// <summary>The limit is one of the header, whether somebody looks at the data or not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Content_LongerThanTheLimit_Streams(bool isLookedAt)
    {
        const int Limit = 100_000;
        var file = await FileAsync(TransferSyntax.ExplicitVRLittleEndian);
        Assert.True(file.Length > 4 * Limit);
        var dicom = await DicomObject.ReadAsync(new MemoryStream(file), Limit, command: null, CancellationToken.None);
        if (isLookedAt) Assert.NotNull(await dicom.ReadAsync(Limit, CancellationToken.None));
        Assert.Equal(file, await AllAsync(dicom.Content));
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2")]
    [InlineData("1.2.840.10008.1.2.1")]
    [InlineData("1.2.840.10008.1.2.2")]
    [InlineData("1.2.840.10008.1.2.1.99")]
    [InlineData("1.2.840.10008.1.2.4.70")]
    public async Task Apply_ChangedDataSet_ChangesTheObjectAndNothingElse(string syntax)
    {
        var dicom = await DicomObject.ReadAsync(new MemoryStream(await FileAsync(TransferSyntax.Of(syntax))), Most, new JsonObject { ["message_id"] = 1 },
            CancellationToken.None);
        var data = (JsonObject)(await dicom.ReadAsync(Most, CancellationToken.None))!;
        Assert.Equal(1, (int)data["command"]!["message_id"]!);
        var dataSet = (JsonObject)data["dataset"]!;
        Assert.False(dataSet.ContainsKey("7FE00010"));
        Assert.Equal("object:00091010", (string?)dataSet["00091010"]!["BulkDataURI"]); // long, and no text
        dataSet["00100020"]!["Value"]![0] = "anonymous";
        dataSet["00080018"]!["Value"]![0] = "1.2.3.4";
        dataSet["00100010"] = JsonNode.Parse("""{"vr":"PN","Value":[{"Alphabetic":"Müller^Jürgen"}]}""");
        dataSet.Remove("00080060");
        var changes = 0;
        dicom.OnChanged = () => changes++;
        var changed = DicomFile.Read(await AllAsync(dicom.Apply(data)!));
        Assert.Equal(("anonymous", "1.2.3.4", "1.2.3.4", "Müller^Jürgen", null), (
            changed.DataSet.GetString(DicomTag.PatientID), changed.DataSet.GetString(DicomTag.SOPInstanceUID), changed.Meta.MediaStorageSopInstanceUid,
            changed.DataSet.GetString(DicomTag.PatientName), changed.DataSet.GetString(DicomTag.Modality)));
        Assert.Equal(syntax, changed.TransferSyntax.Uid);
        Assert.Equal(2000, changed.DataSet.TryGet<DicomValue>(new DicomTag(0x00091010), out var kept) ? kept.Bytes.Length : 0);
        Assert.Equal(Pixels, PixelsOf(changed));
        Assert.Equal(1, changes);
    }

    [Fact]
    public async Task Apply_DataOfAnotherKind_AreNotOfThisObject()
    {
        var dicom =
            await DicomObject.ReadAsync(new MemoryStream(await FileAsync(TransferSyntax.ExplicitVRLittleEndian)), Most, command: null, CancellationToken.None);
        await dicom.ReadAsync(Most, CancellationToken.None);
        Assert.Null(dicom.Apply(new JsonObject { ["resourceType"] = "Patient" }));
    }

    [Theory]
    [InlineData("""{"dataset":{"00100020":{"vr":"XX"}}}""")]
    [InlineData("""{"dataset":{"00091010":{"vr":"OB","BulkDataURI":"file:///etc/passwd"},"00080016":{"vr":"UI","Value":["1.2"]},"00080018":{"vr":"UI","Value":["1.2"]}}}""")]
    [InlineData("""{"dataset":{"00080016":{"vr":"UI","Value":["1.2"]}}}""")]
    public async Task Apply_WhatNoObjectCanBe_IsAFaultOfTheStep(string json)
    {
        var dicom =
            await DicomObject.ReadAsync(new MemoryStream(await FileAsync(TransferSyntax.ExplicitVRLittleEndian)), Most, command: null, CancellationToken.None);
        await dicom.ReadAsync(Most, CancellationToken.None);
        var fault = Assert.Throws<GatewayException>(() => dicom.Apply(JsonNode.Parse(json)));
        Assert.Equal((FaultSource.Gateway, FaultKind.Internal), (fault.FaultSource, fault.Kind));
    }

    [Fact]
    public async Task Read_HeaderLongerThanAllowed_IsRefused()
    {
        var file = await FileAsync(TransferSyntax.ExplicitVRLittleEndian, privateBytes: 300_000);
        var fault = await Assert.ThrowsAsync<GatewayException>(
            () => DicomObject.ReadAsync(new MemoryStream(file), 100_000, command: null, CancellationToken.None).AsTask());
        Assert.Equal((FaultSource.Client, FaultKind.TooLarge), (fault.FaultSource, fault.Kind));
    }

    private static async Task<byte[]> FileAsync(TransferSyntax syntax, int privateBytes = 2000)
    {
        var builder = new DicomDataSetBuilder()
            .Set(DicomTag.SOPClassUID, Uid.CTImageStorage).Set(DicomTag.SOPInstanceUID, "1.2.3").Set(DicomTag.PatientID, "P-1").Set(DicomTag.Modality, "CT")
            .SetAs(new DicomTag(0x00090010), Vr.LO, "HARMONY TEST").Set(new DicomValue(new DicomTag(0x00091010), Vr.OB, new byte[privateBytes]));
        builder.Set(syntax.IsEncapsulated
            ? new DicomFragments(DicomTag.PixelData, Vr.OB, [], [new MemoryBulkData(Pixels)])
            : new DicomValue(DicomTag.PixelData, Vr.OB, Pixels));
        using var stream = new MemoryStream();
        await DicomFile.Create(builder.Build(), syntax).WriteAsync(stream);
        return stream.ToArray();
    }

    private static byte[] PixelsOf(DicomFile file)
    {
        Assert.True(file.DataSet.TryGet(DicomTag.PixelData, out var element));
        if (element is DicomValue value) return value.Bytes.ToArray();
        return ((DicomFragments)element).Fragments[0].TryGetMemory(out var memory) ? memory.ToArray() : [];
    }

    private static async Task<byte[]> AllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
