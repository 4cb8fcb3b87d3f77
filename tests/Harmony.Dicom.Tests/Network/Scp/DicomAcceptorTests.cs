using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Pdus;
using Harmony.Dicom.Network.Scp;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.Scp;

public sealed class DicomAcceptorTests
{
    public static TheoryData<string, NegotiationPolicy, string> Policies() => new()
    {
        { "the first that is proposed", new NegotiationPolicy(), "JPEG2000" },
        { "of those that are supported", new NegotiationPolicy { TransferSyntaxes = [TransferSyntax.ImplicitVRLittleEndian,
            TransferSyntax.ExplicitVRLittleEndian] }, "ExplicitVRLittleEndian" },
        { "in the order of one's own", new NegotiationPolicy { TransferSyntaxes = [TransferSyntax.ImplicitVRLittleEndian,
            TransferSyntax.ExplicitVRLittleEndian], PrefersOwnOrder = true }, "ImplicitVRLittleEndian" },
        { "none of them", new NegotiationPolicy { TransferSyntaxes = [TransferSyntax.RLELossless] }, "TransferSyntaxesNotSupported" },
        { "no storage", new NegotiationPolicy { AcceptsAllStorage = false }, "AbstractSyntaxNotSupported" },
        { "this storage", new NegotiationPolicy { AcceptsAllStorage = false, SopClasses = new HashSet<string> { Uid.CTImageStorage } }, "JPEG2000" },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task TransferSyntax_IsChosenAsThePolicySays(string what, NegotiationPolicy policy, string expected)
    {
        await using var server = TestServer.Start(new AcceptorOptions { Policy = policy });
        await using var association = await server.ConnectAsync(
            [new(Uid.CTImageStorage, [TransferSyntax.JPEG2000, TransferSyntax.ExplicitVRLittleEndian, TransferSyntax.ImplicitVRLittleEndian])]);
        var context = Assert.Single(association.Info.PresentationContexts);
        Assert.Equal($"{what}: {expected}", $"{what}: {(context.IsAccepted ? context.TransferSyntax.Keyword : context.Result.ToString())}");
    }

    /// <summary>What is accepted, with all handlers there are and with none but C-ECHO's.</summary>
    [Theory]
    [InlineData(Uid.VerificationSOPClass, true, true)]
    [InlineData(Uid.CTImageStorage, true, false)]
    [InlineData("1.2.3.4.5", true, false)]
    [InlineData(Uid.FINDStudyRootQueryRetrieveInformationModel, true, false)]
    [InlineData(Uid.GETPatientRootQueryRetrieveInformationModel, true, false)]
    [InlineData(Uid.MOVEStudyRootQueryRetrieveInformationModel, true, false)]
    [InlineData(Uid.StorageCommitmentPushModelSOPClass, false, false)]
    public async Task SopClass_IsAcceptedIfThereIsAHandler(string uid, bool withAll, bool withNone)
    {
        await using var full = TestServer.Start();
        await using var bare = TestServer.Start(null, new DimseHandlers());
        foreach (var (server, expected) in new[] { (full, withAll), (bare, withNone) })
        {
            await using var association = await server.ConnectAsync([ContextProposal.For(uid)]);
            Assert.Equal(expected, Assert.Single(association.Info.PresentationContexts).IsAccepted);
        }
    }

    [Fact]
    public async Task StorageCommitment_IsPerformedAsDimseN()
    {
        await using var server = TestServer.Start(null, new DimseHandlers { Normalized = new Commitment() });
        await using var association = await server.ConnectAsync([ContextProposal.For(Uid.StorageCommitmentPushModelSOPClass)]);
        var request = new NActionRequest
        {
            SopClassUid = Uid.StorageCommitmentPushModelSOPClass, SopInstanceUid = Uid.StorageCommitmentPushModelSOPInstance, ActionTypeId = 1
        };
        var (response, dataSet) = await association.InvokeAsync(request, new DicomDataSetBuilder().Set(DicomTag.TransactionUID, "1.2.77").Build(), Guard.Token);
        Assert.Equal((DimseStatus.Success, "1.2.77"), (Assert.IsType<NActionResponse>(response).Status, dataSet?.GetString(DicomTag.TransactionUID)));
        var (refused, _) = await association.InvokeAsync(request with { ActionTypeId = 9 }, null, Guard.Token);
        Assert.Equal(DimseStatus.NoSuchActionType, refused.Status);
    }

    [Theory]
    [InlineData("../../etc/passwd", 0x0117)]
    [InlineData("1.2.3;rm", 0x0117)]
    [InlineData("1.2.3.4", 0)]
    [InlineData("1.02.3", 0)]
    public async Task Uid_ThatIsNone_IsRefused(string uid, int status)
    {
        await using var server = TestServer.Start();
        await using var association = await server.ConnectAsync();
        var request = new CStoreRequest { SopClassUid = Uid.CTImageStorage, SopInstanceUid = uid };
        var (response, _) = await association.InvokeAsync(request, status == 0 ? Named(uid) : TestServer.Image(1), Guard.Token);
        Assert.Equal(status, response.Status.Code);
        Assert.Equal(status == 0 ? 1 : 0, server.Archive.Objects.Count);
    }

    [Fact]
    public async Task Operation_ThatTakesTooLong_IsEnded()
    {
        var clock = new TestTimeProvider();
        await using var server = TestServer.Start(new AcceptorOptions { TimeProvider = clock, OperationTimeout = TimeSpan.FromMinutes(1) });
        server.Archive.Add(TestServer.Image(1), TransferSyntax.ExplicitVRLittleEndian);
        var started = Guard.NewSignal();
        server.Archive.Pause = ct =>
        {
            started.TrySetResult();
            return Task.Delay(Timeout.Infinite, ct);
        };
        await using var association = await server.ConnectAsync();
        var find = association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), ct: Guard.Token).ToListAsync().AsTask();
        await started.Task.Guarded();
        clock.Advance(TimeSpan.FromSeconds(61));
        var e = await Assert.ThrowsAsync<DimseException>(() => find.Guarded());
        Assert.Equal(("the operation took too long", DimseStatus.UnableToProcess), (e.Result.ErrorComment, e.Result.Status));
    }

    [Fact]
    public async Task Drain_LetsWhatIsGoingOnEnd_AndTakesNothingElse()
    {
        await using var server = TestServer.Start();
        server.Archive.Add(TestServer.Image(1), TransferSyntax.ExplicitVRLittleEndian);
        var (started, go) = (Guard.NewSignal(), Guard.NewSignal());
        server.Archive.Pause = _ =>
        {
            started.TrySetResult();
            return go.Task;
        };
        await using var idle = await server.ConnectAsync();
        await using var busy = await server.ConnectAsync();
        var find = busy.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), ct: Guard.Token).ToListAsync().AsTask();
        await started.Task.Guarded();
        var drained = server.Acceptor.DrainAsync(Guard.Token);
        Assert.Equal(AssociationEndKind.AbortedByPeer, (await idle.Completion.Guarded()).Kind);
        var e = await Assert.ThrowsAsync<AssociationRejectedException>(() => server.ConnectAsync());
        Assert.Equal(AssociationRejection.TemporaryCongestion, e.Rejection);
        Assert.False(drained.IsCompleted);
        go.SetResult();
        Assert.Single(await find);
        Assert.Equal(AssociationEndKind.AbortedByPeer, (await busy.Completion.Guarded()).Kind);
        await drained;
    }

    [Fact]
    public async Task Peer_ThatIsSilent_IsGivenUp()
    {
        var clock = new TestTimeProvider();
        await using var server = TestServer.Start();
        server.Archive.Add(TestServer.Image(1), TransferSyntax.ExplicitVRLittleEndian);
        server.Archive.Pause = ct => Task.Delay(Timeout.Infinite, ct);
        await using var association =
            await server.ConnectAsync(options: new ClientOptions { TimeProvider = clock, OperationTimeout = TimeSpan.FromMinutes(1) });
        var find = association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), ct: Guard.Token).ToListAsync().AsTask();
        await clock.TimerAsync(t => t > TimeSpan.FromSeconds(59) && t < TimeSpan.FromSeconds(62));
        clock.Advance(TimeSpan.FromSeconds(61));
        await Assert.ThrowsAsync<AssociationTimeoutException>(() => find.Guarded());
        Assert.Equal(AssociationEndKind.TimedOut, (await association.Completion.Guarded()).Kind);
    }

    private sealed class Commitment : INormalizedHandler
    {
        public ValueTask<NormalizedResult> PerformAsync(NormalizedOperation operation, CancellationToken ct)
            => operation.Request is NActionRequest { ActionTypeId: 1 }
            ? new(new NormalizedResult(DimseResult.Success, operation.DataSet))
            : throw new DimseException(DimseStatus.NoSuchActionType);
    }

    /// <summary>An object with a UID that the builder would not make.</summary>
    private static DicomDataSet Named(string uid)
        => TestServer.Image(1).ToBuilder().Set(DicomTag.SOPClassUID, Uid.CTImageStorage)
            .Set(new DicomValue(DicomTag.SOPInstanceUID, Vr.UI, Encoding.ASCII.GetBytes(uid.PadRight(uid.Length + (uid.Length & 1), '\0')))).Build();
}
