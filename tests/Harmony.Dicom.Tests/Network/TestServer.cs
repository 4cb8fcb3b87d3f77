using System.Net;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;

namespace Harmony.Dicom.Tests.Network;

/// <summary>A server of this library with a <see cref="TestArchive"/>, on a free port of the loopback interface.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly DicomServer _server;

    private TestServer(DicomServer server, DicomAcceptor acceptor, TestArchive archive) => (_server, Acceptor, Archive) = (server, acceptor, archive);

    public TestArchive Archive { get; }

    public DicomAcceptor Acceptor { get; }

    public int Port => _server.EndPoint.Port;

    public DicomPeer Peer => new("127.0.0.1", Port, "HARMONY", "TESTS");

    /// <summary>What most tests propose.</summary>
    public static IReadOnlyList<ContextProposal> Everything { get; } =
    [
        ContextProposal.For(Uid.VerificationSOPClass),
        ContextProposal.For(Uid.FINDStudyRootQueryRetrieveInformationModel),
        ContextProposal.For(Uid.MOVEStudyRootQueryRetrieveInformationModel),
        ContextProposal.For(Uid.GETStudyRootQueryRetrieveInformationModel),
        new(Uid.CTImageStorage, [TransferSyntax.ExplicitVRLittleEndian]) { IsScp = true },
        new(Uid.CTImageStorage, [TransferSyntax.ImplicitVRLittleEndian]) { IsScp = true },
        new(Uid.MRImageStorage, [TransferSyntax.ImplicitVRLittleEndian]),
    ];

    public static TestServer Start(AcceptorOptions? options = null, DimseHandlers? handlers = null, DicomServerOptions? listener = null)
    {
        var archive = new TestArchive();
        var acceptor = new DicomAcceptor(options ?? new AcceptorOptions(), handlers ?? archive.Handlers, archive);
        return new TestServer(DicomServer.Start((listener ?? new DicomServerOptions()) with { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) }, acceptor),
            acceptor, archive);
    }

    public Task<ClientAssociation> ConnectAsync(IReadOnlyList<ContextProposal>? contexts = null, ClientOptions? options = null)
        => new DicomClient(options).ConnectAsync(Peer, contexts ?? Everything, Testing.Guard.Token);

    /// <summary>A study-level query.</summary>
    public static DicomDataSet Query(string patientId) => new DicomDataSetBuilder()
        .Set(DicomTag.QueryRetrieveLevel, "STUDY").Set(DicomTag.PatientID, patientId).Set(DicomTag.PatientName).Set(DicomTag.StudyInstanceUID).Build();

    /// <summary>An object of a patient with some pixels.</summary>
    public static DicomDataSet Image(int number, int length = 1000, string patientId = "P-1") => Samples.Everything().ToBuilder()
        .Set(DicomTag.SOPInstanceUID, $"1.2.3.{number}")
        .Set(DicomTag.StudyInstanceUID, "1.2.3")
        .Set(DicomTag.PatientID, patientId)
        .Set(new DicomValue(DicomTag.PixelData, Vr.OW, Enumerable.Range(0, length).Select(i => (byte)(i * 7 + number)).ToArray()))
        .Build();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
