using System.Net;
using System.Text;
using System.Threading.Channels;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Imaging.Tests.Adapters.Dimse;

/// <summary>Storage commitment: what is asked of the backend, and what the sender is told.</summary>
public sealed class CommitTests
{
    private static readonly ContextProposal[] Commitment = [ContextProposal.For(Uid.StorageCommitmentPushModelSOPClass)];

    [Fact]
    public async Task On_the_association_of_the_request_where_nobody_knows_where_the_sender_listens()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await StartAsync(Scu(pacs.Port));
        await using var association = await ConnectAsync(gateway);
        var reports = new Reports();
        association.Reports = reports;

        var status = await AskAsync(association, "1.2.3", (Uid.CTImageStorage, "1.2.1.1"), (Uid.CTImageStorage, "1.2.2.2"));
        var (request, information) = await reports.NextAsync();

        Assert.True(status.IsSuccess);
        Assert.Equal(1, request.EventTypeId);
        Assert.Equal("1.2.3", information.GetString(DicomTag.TransactionUID));
        Assert.Equal(["1.2.1.1", "1.2.2.2"], Uids(information, DicomTag.ReferencedSOPSequence));
        Assert.Empty(information.GetItems(DicomTag.FailedSOPSequence));
    }

    /// <summary>What is not there is never committed to, nor what is there as something else.</summary>
    [Fact]
    public async Task What_is_missing_or_of_another_class_has_failed()
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await StartAsync(Scu(pacs.Port));
        await using var association = await ConnectAsync(gateway);
        var reports = new Reports();
        association.Reports = reports;

        await AskAsync(association, "1.2.3", (Uid.CTImageStorage, "1.2.1.1"), (Uid.CTImageStorage, "9.9"), (Uid.MRImageStorage, "1.2.2.1"));
        var (request, information) = await reports.NextAsync();

        Assert.Equal(2, request.EventTypeId);
        Assert.Equal(["1.2.1.1"], Uids(information, DicomTag.ReferencedSOPSequence));
        Assert.Equal(
            [("9.9", 0x0112), ("1.2.2.1", 0x0119)],
            information.GetItems(DicomTag.FailedSOPSequence)
                .Select(i => (i.GetString(DicomTag.ReferencedSOPInstanceUID)!, i.GetInt32(DicomTag.FailureReason)!.Value)));
    }

    [Fact]
    public async Task On_an_association_of_its_own_where_the_sender_listens()
    {
        var reports = new Reports();
        await using var sender = DicomServer.Start(
            new DicomServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) },
            new DicomAcceptor(new AcceptorOptions(), new DimseHandlers { Normalized = reports }));
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await StartAsync(
            Scu(pacs.Port), $"aet_table = {"{"} SENDER = {"{"} host = \"127.0.0.1\", port = {sender.EndPoint.Port} {"}"} {"}"}");
        await using (var association = await ConnectAsync(gateway)) await AskAsync(association, "1.2.3", (Uid.CTImageStorage, "1.2.1.1"));

        var (request, information) = await reports.NextAsync();

        Assert.Equal(1, request.EventTypeId);
        Assert.Equal(["1.2.1.1"], Uids(information, DicomTag.ReferencedSOPSequence));
    }

    /// <summary>A backend that cannot be asked has committed to nothing.</summary>
    [Fact]
    public async Task A_backend_that_fails_fails_each_object()
    {
        await using var gateway = await StartAsync(Scu(FreePort.Take()));
        await using var association = await ConnectAsync(gateway);
        var reports = new Reports();
        association.Reports = reports;

        await AskAsync(association, "1.2.3", (Uid.CTImageStorage, "1.2.1.1"));
        var (request, information) = await reports.NextAsync();

        Assert.Equal(2, request.EventTypeId);
        Assert.Equal(0x0110, Assert.Single(information.GetItems(DicomTag.FailedSOPSequence)).GetInt32(DicomTag.FailureReason));
    }

    [Theory]
    [InlineData(2, "1.2.840.10008.1.20.1.1", "1.2.3", "1.2.1.1", 0x0123)]
    [InlineData(1, "1.2.3", "1.2.3", "1.2.1.1", 0x0112)]
    [InlineData(1, "1.2.840.10008.1.20.1.1", "no UID", "1.2.1.1", 0x0115)]
    [InlineData(1, "1.2.840.10008.1.20.1.1", "1.2.3", null, 0x0115)]
    [InlineData(1, "1.2.840.10008.1.20.1.1", "1.2.3", "../../x", 0x0115)]
    public async Task What_is_no_commitment_is_refused(int action, string instance, string transaction, string? named, int expected)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await StartAsync(Scu(pacs.Port));
        await using var association = await ConnectAsync(gateway);

        var status = await AskAsync(association, transaction, named is null ? [] : [(Uid.CTImageStorage, named)], (ushort)action, instance);

        Assert.Equal(expected, status.Code);
        Assert.Empty(pacs.Identifiers);
    }

    /// <summary>Orthanc asks, and another Orthanc behind its DICOMweb is where the objects are.</summary>
    [OrthancWebFact]
    public async Task Orthanc_is_told_what_a_DICOMweb_server_has()
    {
        await using var server = await OrthancPeer.StartAsync(new OrthancSettings { AeTitle = "SERVER", DicomWeb = true });
        await using var sender = await OrthancPeer.StartAsync("SENDER");
        await using var gateway = await StartAsync($"""
            [backends.b]
            service = "dicomweb"
            [backends.b.options]
            base_url = "{new Uri(server.Url, "dicom-web")}"
            """, $"aet_table = {"{"} SENDER = {"{"} host = \"127.0.0.1\", port = {sender.DicomPort} {"}"} {"}"}", "\"to_web\"");
        await sender.KnowAsync("gateway", "GATEWAY", gateway.DicomAddress.Port);
        var peer = new DicomPeer("127.0.0.1", server.DicomPort, "SERVER", "TEST");
        await using (var storing = await new DicomClient().ConnectAsync(peer, [ContextProposal.For(Uid.CTImageStorage)]))
        {
            for (var i = 1; i <= 3; i++) await storing.StoreAsync(SopInstance.Of(TestObjects.Ct($"1.2.3.3.{i}"), TransferSyntax.ExplicitVRLittleEndian));
        }

        var there = await CommitAsync(sender, "1.2.3.3.1", "1.2.3.3.2", "1.2.3.3.3");
        var partly = await CommitAsync(sender, "1.2.3.3.1", "9.9");

        Assert.Equal("Success", there);
        Assert.Equal("Failure", partly);
    }

    private static async Task<string> CommitAsync(OrthancPeer sender, params string[] uids)
    {
        var begun = await sender.PostAsync(
            "modalities/gateway/storage-commitment", new { DicomInstances = uids.Select(u => new { SOPClassUID = Uid.CTImageStorage, SOPInstanceUID = u }) });
        var status = "Pending";
        var limit = Guard.Token;
        while (status == "Pending")
        {
            await Task.Delay(20, limit); // it tells nobody
            status = (string)(await sender.GetAsync($"storage-commitment/{(string)begun!["ID"]!}"))["Status"]!;
        }

        return status;
    }

    private static string Scu(int port) => $"""
        [backends.b]
        service = "dicom_scu"
        connection = {"{"} host = "127.0.0.1", port = {port}, protocol = "dicom" {"}"}
        [backends.b.options]
        aet = "PACS"
        max_retries = 0
        """;

    private static Task<TestGateway> StartAsync(string backend, string scp = "", string middleware = "") => TestGateway.StartAsync($"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        [pipelines.p]
        networks = ["main"]
        endpoints = ["scp"]
        middleware = [{middleware}]
        backends = ["b"]
        [endpoints.scp]
        service = "dicom_scp"
        [endpoints.scp.options]
        local_aet = "GATEWAY"
        bind_addr = "127.0.0.1"
        enable_commit = true
        {scp}
        [middleware.to_web]
        type = "dicom_to_dicomweb"
        {backend}
        """);

    private static Task<ClientAssociation> ConnectAsync(TestGateway gateway)
        => new DicomClient().ConnectAsync(new DicomPeer("127.0.0.1", gateway.DicomAddress.Port, "GATEWAY", "SENDER"), Commitment);

    private static Task<DimseStatus> AskAsync(ClientAssociation association, string transaction, params (string Class, string Instance)[] objects)
        => AskAsync(association, transaction, objects, 1, Uid.StorageCommitmentPushModelSOPInstance);

    private static async Task<DimseStatus> AskAsync(
        ClientAssociation association, string transaction, (string Class, string Instance)[] objects, ushort action, string instance)
    {
        var information = new DicomDataSetBuilder();
        information.Set(UidOf(DicomTag.TransactionUID, transaction));
        information.Set(DicomTag.ReferencedSOPSequence, [.. objects.Select(o => Item(information, o.Class, o.Instance))]);
        var request = new NActionRequest { SopClassUid = Uid.StorageCommitmentPushModelSOPClass, SopInstanceUid = instance, ActionTypeId = action };
        return (await association.InvokeAsync(request, information.Build(), Guard.Token)).Response.Status;
    }

    private static DicomDataSet Item(DicomDataSetBuilder information, string sopClass, string instance) => information.CreateItem()
        .Set(UidOf(DicomTag.ReferencedSOPClassUID, sopClass)).Set(UidOf(DicomTag.ReferencedSOPInstanceUID, instance)).Build();

    /// <summary>Also what is no UID.</summary>
    private static DicomValue UidOf(DicomTag tag, string text) => new(tag, Vr.UI, Encoding.ASCII.GetBytes(text));

    private static IEnumerable<string> Uids(DicomDataSet information, DicomTag sequence)
        => information.GetItems(sequence).Select(i => i.GetString(DicomTag.ReferencedSOPInstanceUID)!);

    /// <summary>Takes reports.</summary>
    private sealed class Reports : INormalizedHandler
    {
        private readonly Channel<(NEventReportRequest, DicomDataSet)> _reports = Channel.CreateUnbounded<(NEventReportRequest, DicomDataSet)>();

        public async Task<(NEventReportRequest Request, DicomDataSet Information)> NextAsync() => await _reports.Reader.ReadAsync(Guard.Token);

        public ValueTask<NormalizedResult> PerformAsync(NormalizedOperation operation, CancellationToken ct)
        {
            _reports.Writer.TryWrite(((NEventReportRequest)operation.Request, operation.DataSet!));
            return new(new NormalizedResult(DimseResult.Success));
        }
    }
}
