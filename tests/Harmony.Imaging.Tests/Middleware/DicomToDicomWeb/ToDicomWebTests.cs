using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Dicom.Network.Scp;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Microsoft.AspNetCore.Http;

namespace Harmony.Imaging.Tests.Middleware.DicomToDicomWeb;

/// <summary>DIMSE in front of DICOMweb: what the server is sent, and what becomes of its answers.</summary>
public sealed class ToDicomWebTests
{
    [OrthancWebFact]
    public async Task A_real_server_is_searched_stored_to_and_retrieved_from()
    {
        await using var server = await OrthancPeer.StartAsync(new OrthancSettings { DicomWeb = true });
        await using var gateway = await StartAsync(new Uri(server.Url, "dicom-web"));
        await using var association = await ConnectAsync(gateway);

        for (var i = 1; i <= 3; i++) Assert.True(
            (await association.StoreAsync(SopInstance.Of(TestObjects.Ct($"1.2.3.3.{i}"), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        var studies = await FindAsync(
            association, "STUDY", (DicomTag.PatientID, "P-*"), (DicomTag.StudyInstanceUID, null), (DicomTag.PatientName, null),
            (DicomTag.StudyDate, "20240101-20240201"));
        var nobody = await FindAsync(association, "STUDY", (DicomTag.PatientID, "NOBODY"), (DicomTag.StudyInstanceUID, null));
        var series = await FindAsync(
            association, "SERIES", (DicomTag.StudyInstanceUID, "1.2.3.1"), (DicomTag.SeriesInstanceUID, null), (DicomTag.Modality, null));
        var images = await FindAsync(
            association, "IMAGE", (DicomTag.StudyInstanceUID, "1.2.3.1"), (DicomTag.SeriesInstanceUID, "1.2.3.2"), (DicomTag.SOPInstanceUID, null));

        Assert.Equal(3, await server.CountAsync());
        Assert.Equal(("1.2.3.1", "Test^Object"), (Assert.Single(studies).GetString(DicomTag.StudyInstanceUID), studies[0].GetString(DicomTag.PatientName)));
        Assert.Empty(nobody);
        Assert.Equal("CT", Assert.Single(series).GetString(DicomTag.Modality));
        Assert.Equal(3, images.Count);
        var study = new Receiver();
        Assert.True((await GetAsync(association, study, "STUDY", (DicomTag.StudyInstanceUID, "1.2.3.1"))).Result.Status.IsSuccess);
        Assert.Equal(3, study.Instances.Count);
        var image = new Receiver();
        Assert.True(
            (
                await GetAsync(
                    association, image, "IMAGE", (DicomTag.StudyInstanceUID, "1.2.3.1"), (DicomTag.SeriesInstanceUID, "1.2.3.2"),
                    (DicomTag.SOPInstanceUID, "1.2.3.3.2"))).Result.Status.IsSuccess);
        Assert.Equal(["1.2.3.3.2"], image.Instances);
        var listed = new Receiver();
        Assert.True(
            (
                await GetAsync(
                    association, listed, "IMAGE", (DicomTag.StudyInstanceUID, "1.2.3.1"), (DicomTag.SeriesInstanceUID, "1.2.3.2"),
                    (DicomTag.SOPInstanceUID, @"1.2.3.3.3\1.2.3.3.1\9.9"))).Result.Status.IsSuccess);
        Assert.Equal(["1.2.3.3.1", "1.2.3.3.3"], listed.Instances.Order(StringComparer.Ordinal));
        var none = new Receiver();
        Assert.Equal(0, (await GetAsync(association, none, "STUDY", (DicomTag.StudyInstanceUID, "9.9"))).SubOperations.Completed);
    }

    /// <summary>Success only where the server says so of this object: a sender deletes its copy.</summary>
    [Theory]
    [InlineData(200, """{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3.3"]}}]}}""", 0x0000)]
    [InlineData(202, """{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3.3"]},"00081196":{"vr":"US","Value":[45056]}}]}}""", 0xB000)]
    [InlineData(202, """{"00081198":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3.3"]},"00081197":{"vr":"US","Value":[42752]}}]}}""", 0xA700)]
    [InlineData(409, """{"00081198":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.3.3"]},"00081197":{"vr":"US","Value":[49152]}}]}}""", 0xC000)]
    [InlineData(200, """{"00081199":{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["9.9"]}}]}}""", 0x0110)]
    [InlineData(200, "", 0x0110)]
    [InlineData(200, "no json", 0x0110)]
    [InlineData(413, "", 0xA700)]
    [InlineData(500, "", 0x0110)]
    [InlineData(503, "", 0xA701)]
    public async Task What_the_server_says_of_an_object_is_what_the_sender_is_told(int status, string body, int expected)
    {
        await using var origin = await KestrelOrigin.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/dicom+json";
            await context.Response.WriteAsync(body);
        });
        await using var gateway = await StartAsync(origin.Url, retries: 0);
        await using var association = await ConnectAsync(gateway);

        var result = await association.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3.3"), TransferSyntax.ExplicitVRLittleEndian));

        Assert.Equal(expected, result.Status.Code);
    }

    private static async Task<TestGateway> StartAsync(Uri server, int retries = 1) => await TestGateway.StartAsync($"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.bridge]
        networks = ["main"]
        endpoints = ["scp"]
        middleware = ["to_web"]
        backends = ["web"]
        [endpoints.scp]
        service = "dicom_scp"
        [endpoints.scp.options]
        local_aet = "BRIDGE"
        bind_addr = "127.0.0.1"
        enable_find = true
        enable_store = true
        enable_get = true
        [middleware.to_web]
        type = "dicom_to_dicomweb"
        [backends.web]
        service = "dicomweb"
        [backends.web.options]
        base_url = "{server.AbsoluteUri.TrimEnd('/')}"
        max_retries = {retries}
        """);

    private static async Task<ClientAssociation> ConnectAsync(TestGateway gateway)
        => await new DicomClient().ConnectAsync(new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "BRIDGE", "TEST"),
        [
            ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel), ContextProposal.For(Uid.GETStudyRootQueryRetrieveInformationModel),
            ContextProposal.For(Uid.CTImageStorage) with { IsScp = true },
        ]);

    private static async Task<List<DicomDataSet>> FindAsync(ClientAssociation association, string level, params (DicomTag Tag, string? Value)[] keys)
    {
        var found = new List<DicomDataSet>();
        await foreach (var match in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, Identifier(level, keys))) found.Add(match);
        return found;
    }

    private static Task<RetrieveResult> GetAsync(ClientAssociation association, Receiver receiver, string level, params (DicomTag Tag, string? Value)[] keys)
        => association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, Identifier(level, keys), receiver);

    private static DicomDataSet Identifier(string level, (DicomTag Tag, string? Value)[] keys)
    {
        var identifier = new DicomDataSetBuilder().Set(DicomTag.QueryRetrieveLevel, level);
        foreach (var (tag, value) in keys) identifier.Set(tag, value?.Split('\\') ?? []);
        return identifier.Build();
    }

    private sealed class Receiver : IStoreHandler
    {
        public List<string> Instances { get; } = [];

        public async ValueTask<DimseResult> StoreAsync(StoreOperation operation, CancellationToken ct)
        {
            await operation.DataSet.CopyToAsync(Stream.Null, ct);
            Instances.Add(operation.Request.SopInstanceUid);
            return DimseResult.Success;
        }
    }
}
