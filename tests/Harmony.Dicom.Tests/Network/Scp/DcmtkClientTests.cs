using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Files;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Dicom.Tests.Network.Scp;

/// <summary>DCMTK's clients and our server.</summary>
public sealed class DcmtkClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("harmony-scp-").FullName;

    public static TheoryData<string, string, string> Kinds => DcmtkFiles.Kinds;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [DcmtkFact]
    public async Task Echo_Succeeds_AndTheAssociationIsReleased()
    {
        await using var server = TestServer.Start();
        (await RunAsync(server, "echoscu", "--repeat", "3")).Succeeded();
        await EndAsync(server, AssociationEndKind.Released);
    }

    [DcmtkTheory("gdcmconv")]
    [MemberData(nameof(Kinds))]
    public async Task Store_InEverySyntax_KeepsTheObject(string uid, string recipe, string option)
    {
        await using var server = TestServer.Start();
        var file = await DcmtkFiles.MakeAsync(_folder, recipe);
        (await RunAsync(server, "storescu", [option, file])).Succeeded();
        var stored = DicomFile.Read(Assert.Single(server.Archive.Objects).Value);
        Assert.Equal(uid, stored.TransferSyntax.Uid);
        DcmtkFiles.AssertSame(await DicomFile.ReadAsync(File.OpenRead(file)), stored);
    }

    [DcmtkTheory]
    [InlineData(0)]
    [InlineData(16384)]
    [InlineData(131072)]
    public async Task Store_WithAnyMaximumLength_KeepsTheObject(int maxPduLength)
    {
        await using var server = TestServer.Start(new AcceptorOptions { MaxPduLength = maxPduLength });
        var file = await SaveAsync(TestServer.Image(1, 1_000_001));
        (await RunAsync(server, "storescu", [file])).Succeeded();
        DcmtkFiles.AssertSame(await DicomFile.ReadAsync(File.OpenRead(file)), DicomFile.Read(server.Archive.Objects["1.2.3.1"]));
    }

    [DcmtkFact]
    public async Task Find_TellsAllMatches()
    {
        await using var server = TestServer.Start();
        for (var i = 0; i < 5; i++) server.Archive.Add(TestServer.Image(i, 10, $"P{i % 2}"), TransferSyntax.ExplicitVRLittleEndian);
        var result = (await RunAsync(server, "findscu",
            ["-S", "+sr", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID=P1", "-k", "StudyInstanceUID", "-k", "PatientName"])).Succeeded();
        Assert.Equal(2, result.Output.Split("[P1]").Length - 1);
    }

    [DcmtkFact]
    public async Task Find_Cancelled_EndsWithCancel()
    {
        await using var server = TestServer.Start();
        for (var i = 0; i < 50; i++) server.Archive.Add(TestServer.Image(i, 10), TransferSyntax.ExplicitVRLittleEndian);
        var count = 0;
        server.Archive.Pause = ct => ++count > 3 ? Task.Delay(Timeout.Infinite, ct) : Task.CompletedTask;
        var result = await RunAsync(server, "findscu", ["-v", "-S", "--cancel", "2", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientID=P-1"]);
        Assert.Contains("Cancel", result.Output, StringComparison.Ordinal);
        await EndAsync(server, AssociationEndKind.Released);
    }

    [DcmtkFact]
    public async Task Get_BringsTheObjectsOnTheSameAssociation()
    {
        await using var server = TestServer.Start();
        for (var i = 0; i < 3; i++) server.Archive.Add(TestServer.Image(i, 100_001), TransferSyntax.ImplicitVRLittleEndian);
        (await RunAsync(server, "getscu", ["-S", "+B", "-od", _folder, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3"])).Succeeded();
        var files = Directory.GetFiles(_folder);
        Assert.Equal(3, files.Length);
        var got = await DicomFile.ReadAsync(File.OpenRead(files.Single(f => f.EndsWith("1.2.3.2", StringComparison.Ordinal))));
        Assert.Equal("P-1", got.DataSet.GetString(DicomTag.PatientID));
    }

    [DcmtkFact]
    public async Task Move_BringsTheObjectsToTheDestination()
    {
        await using var destination = await DcmtkPeer.StoreScpAsync("+xa");
        await using var server = TestServer.Start();
        server.Archive.Destinations = async (title, instances, ct) => title != "STORESCP"
            ? throw new DimseException(DimseStatus.MoveDestinationUnknown)
            : await new DicomClient()
                .ConnectAsync(new DicomPeer("127.0.0.1", destination.Port, title, "HARMONY"), [new(Uid.CTImageStorage, ContextProposal.Uncompressed)], ct);
        for (var i = 0; i < 3; i++) server.Archive.Add(TestServer.Image(i, 100_001), TransferSyntax.ImplicitVRLittleEndian);
        string[] query = ["-v", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3"];
        (await RunAsync(server, "movescu", ["-aem", "STORESCP", .. query])).Succeeded();
        Assert.Equal(3, Directory.GetFiles(destination.Folder).Length);
        Assert.Contains("MoveDestinationUnknown", (await RunAsync(server, "movescu", ["-aem", "NOBODY", .. query])).Output, StringComparison.Ordinal);
    }

    [DcmtkTheory]
    [InlineData("HARMONY", "OTHER", "Calling AE Title Not Recognized")]
    [InlineData("OTHER", "MODALITY", "Called AE Title Not Recognized")]
    public async Task WrongTitle_IsRejected(string called, string calling, string reason)
    {
        var policy = new NegotiationPolicy { CalledAeTitles = new HashSet<string> { "HARMONY" }, CallingAeTitles = new HashSet<string> { "MODALITY" } };
        await using var server = TestServer.Start(new AcceptorOptions { Policy = policy });
        var result = await DcmtkPeer.RunAsync("echoscu", "-aec", called, "-aet", calling, "127.0.0.1", server.Port.ToString());
        Assert.Contains("Reason: " + reason, result.Output, StringComparison.Ordinal);
        await EndAsync(server, AssociationEndKind.Rejected);
        (await DcmtkPeer.RunAsync("echoscu", "-aec", "HARMONY", "-aet", "MODALITY", "127.0.0.1", server.Port.ToString())).Succeeded();
    }

    [DcmtkFact]
    public async Task OneTooMany_IsRejectedForNow()
    {
        await using var server = TestServer.Start(new AcceptorOptions { MaxAssociations = 1 });
        await using (await server.ConnectAsync())
        {
            var result = await RunAsync(server, "echoscu");
            Assert.Contains("Result: Rejected Transient, Source: Service Provider (Presentation Related)", result.Output.ReplaceLineEndings(" "),
                StringComparison.Ordinal);
            Assert.Contains("Local Limit Exceeded", result.Output, StringComparison.Ordinal);
            await EndAsync(server, AssociationEndKind.Rejected);
        }

        await EndAsync(server, AssociationEndKind.Released);
        (await RunAsync(server, "echoscu")).Succeeded();
    }

    [DcmtkFact]
    public async Task Abort_IsSeen()
    {
        await using var server = TestServer.Start();
        await RunAsync(server, "echoscu", "--abort");
        await EndAsync(server, AssociationEndKind.AbortedByPeer);
    }

    [DcmtkFact]
    public async Task UserIdentity_IsAuthorized()
    {
        await using var server = TestServer.Start(new AcceptorOptions
        {
            Identify = (info, _)
                => new(info.Peer.UserIdentity is { UserName: "ann", Secondary.Length: 6 } ? UserIdentityVerdict.Accept() : UserIdentityVerdict.Reject()),
        });
        var file = await SaveAsync(TestServer.Image(1));
        (await RunAsync(server, "storescu", ["-usr", "ann", "-pwd", "secret", "-rsp", file])).Succeeded();
        Assert.Contains("No Reason", (await RunAsync(server, "storescu", ["-usr", "bob", "-pwd", "secret", "-rsp", file])).Output, StringComparison.Ordinal);
    }

    [DcmtkFact]
    public async Task Tls_WithCertificatesOfBothSides()
    {
        var authority = TestAuthority.Create("ca");
        var (serverFiles, clientFiles) = (Write("server", authority.Issue("localhost", "127.0.0.1")), Write("client", authority.Issue("client")));
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.pem"), authority.Pem);
        await using var server =
            TestServer.Start(listener: new DicomServerOptions { Tls = TlsTests.ServerOptions(serverFiles.Certificate, serverFiles.Key, authority) });
        var file = await SaveAsync(TestServer.Image(1, 1_000_000));
        (await RunAsync(server, "storescu", ["+tls", clientFiles.Key, clientFiles.Certificate, "+cf", Path.Combine(_folder, "ca.pem"), file])).Succeeded();
        Assert.Single(server.Archive.Objects);
        Assert.Equal("CN=client", Assert.Single(server.Archive.Associations).PeerCertificate?.Subject);
        Assert.NotEqual(0, (await RunAsync(server, "echoscu")).ExitCode);
    }

    private (string Certificate, string Key) Write(string name, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        var (path, key) = (Path.Combine(_folder, name + ".pem"), Path.Combine(_folder, name + ".key"));
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(key, TestAuthority.KeyOf(certificate));
        return (path, key);
    }

    private async Task<string> SaveAsync(DicomDataSet dataSet)
    {
        var path = Path.Combine(_folder, "a.dcm");
        await DicomFile.Create(dataSet, TransferSyntax.ExplicitVRLittleEndian).SaveAsync(path);
        return path;
    }

    private static Task<DcmtkResult> RunAsync(TestServer server, string program, params string[] arguments)
        => DcmtkPeer.RunAsync(program, ["-aec", "HARMONY", "127.0.0.1", server.Port.ToString(), .. arguments]);

    private static Task EndAsync(TestServer server, AssociationEndKind kind) => server.Archive.EndedAsync(kind);
}
