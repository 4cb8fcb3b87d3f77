using Harmony.Dicom.Coding;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;

namespace Harmony.Dicom.Tests.Network.Scu;

/// <summary>Client and server of this library, over a socket.</summary>
public sealed class ClientAssociationTests
{
    [Fact]
    public async Task Echo_IsAnswered_AndTheAssociationReleased()
    {
        await using var server = TestServer.Start();
        var association = await server.ConnectAsync();
        await association.EchoAsync(Guard.Token);
        await association.EchoAsync(Guard.Token);
        await association.ReleaseAsync(Guard.Token);
        Assert.Equal(AssociationEndKind.Released, (await association.Completion).Kind);
        Assert.False(association.IsOpen);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2_000_001)]
    public async Task Store_ThenFindAndGet_BringTheSameObject(int length)
    {
        await using var server = TestServer.Start();
        await using var association = await server.ConnectAsync();
        var sent = TestServer.Image(1, length);
        var result = await association.StoreAsync(SopInstance.Of(sent, TransferSyntax.ExplicitVRLittleEndian), ct: Guard.Token);
        Assert.Equal(DimseStatus.Success, result.Status);
        await AssertSameAsync(sent, server.Archive.Read("1.2.3.1"));

        var matches = await association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), ct: Guard.Token).ToListAsync();
        Assert.Equal("1.2.3", Assert.Single(matches).GetString(DicomTag.StudyInstanceUID));

        var received = new TestArchive();
        var got = await association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), received, ct: Guard.Token);
        Assert.Equal((DimseStatus.Success, new SubOperations(null, 1, 0, 0)), (got.Result.Status, got.SubOperations));
        await AssertSameAsync(sent, received.Read("1.2.3.1"));
        Assert.Empty(server.Archive.Failures);
    }

    [Fact]
    public async Task Store_InAnotherUncompressedSyntax_IsTranscoded()
    {
        await using var server = TestServer.Start();
        var sent = TestServer.Image(1, 300_000);
        foreach (var from in Samples.Native)
        {
            foreach (var to in Samples.Native)
            {
                await using var association = await server.ConnectAsync([new(Uid.CTImageStorage, [to])]);
                var instance = await SopInstance.ReadAsync(new MemoryStream(await Part10Async(sent, from)));
                Assert.Equal(DimseStatus.Success, (await association.StoreAsync(instance, ct: Guard.Token)).Status);
                await AssertSameAsync(sent, server.Archive.Read("1.2.3.1"));
            }
        }
    }

    [Fact]
    public async Task Store_WithoutAFittingContext_IsRefusedHere()
    {
        await using var server = TestServer.Start();
        await using var association = await server.ConnectAsync();
        var compressed = SopInstance.Of(Samples.Encapsulated(), TransferSyntax.JPEG2000);
        var e = await Assert.ThrowsAsync<NoPresentationContextException>(async () => await association.StoreAsync(compressed));
        Assert.Equal("the peer has accepted no presentation context for CTImageStorage in JPEG2000, which is sent as it is", e.Message);
        await association.EchoAsync(Guard.Token);
    }

    [Theory]
    [InlineData("FAIL", 0xA700, "no disk")]
    [InlineData("BUG", 0xC000, null)]
    public async Task Find_Failing_TellsStatusAndComment(string patient, int status, string? comment)
    {
        await using var server = TestServer.Start();
        await using var association = await server.ConnectAsync();
        var find = association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query(patient), ct: Guard.Token);
        var e = await Assert.ThrowsAsync<DimseException>(async () => await find.ToListAsync());
        Assert.Equal(((ushort)status, comment), (e.Result.Status.Code, e.Result.ErrorComment));
        await association.EchoAsync(Guard.Token);
    }

    /// <summary>Time in which this side takes no matches is not the peer's silence, even when so many wait that the peer is not read from any more.</summary>
    [Fact]
    public async Task Find_TakenSlowly_IsNotThePeersSilence()
    {
        var clock = new TestTimeProvider();
        await using var server = TestServer.Start();
        for (var i = 0; i < 200; i++) server.Archive.Add(TestServer.Image(i, 10), TransferSyntax.ExplicitVRLittleEndian);
        var options = new ClientOptions { TimeProvider = clock, OperationTimeout = TimeSpan.FromSeconds(20) };
        await using var association = await server.ConnectAsync(options: options);
        var count = 0;
        await foreach (var match in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), ct: Guard.Token))
        {
            if (count++ % 10 == 0) clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(200, count);
        await association.EchoAsync(Guard.Token);
    }

    [Fact]
    public async Task Find_LeftEarly_IsCancelled_AndTheAssociationGoesOn()
    {
        await using var server = TestServer.Start();
        for (var i = 0; i < 300; i++) server.Archive.Add(TestServer.Image(i, 10), TransferSyntax.ExplicitVRLittleEndian);
        var canceled = Guard.NewSignal();
        var count = 0;
        server.Archive.Pause = async ct =>
        {
            if (++count == 1) ct.Register(() => canceled.TrySetResult());
            if (count == 10) await Task.Delay(Timeout.Infinite, ct);
        };
        await using var association = await server.ConnectAsync();
        await foreach (var match in association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), ct: Guard.Token)) break;
        await canceled.Task.Guarded();
        await association.EchoAsync(Guard.Token);
    }

    [Fact]
    public async Task Get_Cancelled_SaysHowFarItCame()
    {
        await using var server = TestServer.Start();
        for (var i = 0; i < 5; i++) server.Archive.Add(TestServer.Image(i, 10), TransferSyntax.ExplicitVRLittleEndian);
        using var cancel = new CancellationTokenSource();
        var count = 0;
        server.Archive.Pause = async ct =>
        {
            if (++count <= 2) return;
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, ct);
        };
        await using var association = await server.ConnectAsync();
        var received = new TestArchive();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => association.GetAsync(Uid.GETStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), received, ct: cancel.Token));
        Assert.Equal(2, received.Objects.Count);
        await association.EchoAsync(Guard.Token);
    }

    [Fact]
    public async Task Move_GoesToTheDestination_WithItsOriginator()
    {
        await using var destination = TestServer.Start();
        await using var server = TestServer.Start();
        server.Archive.Destinations = async (title, instances, ct) =>
            title == "DEST" ? await destination.ConnectAsync() : throw new DimseException(DimseStatus.MoveDestinationUnknown);
        for (var i = 0; i < 3; i++) server.Archive.Add(TestServer.Image(i, 10), TransferSyntax.ExplicitVRLittleEndian);
        var other = TestServer.Image(9).ToBuilder().Set(DicomTag.SOPClassUID, Uid.UltrasoundImageStorage).Build();
        server.Archive.Add(other, TransferSyntax.ExplicitVRLittleEndian);
        await using var association = await server.ConnectAsync();

        var moved =
            await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), "DEST", messageId: 4711, ct: Guard.Token);
        Assert.Equal((DimseStatus.SubOperationsWithFailures, new SubOperations(null, 3, 1, 0)), (moved.Result.Status, moved.SubOperations));
        Assert.Equal(["1.2.3.9"], moved.FailedSopInstanceUids);
        Assert.Equal(new MoveOriginator("TESTS", 4711), destination.Archive.Stored.First().MoveOriginator);

        var unknown = await association.MoveAsync(Uid.MOVEStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), "NOBODY", ct: Guard.Token);
        Assert.Equal(DimseStatus.MoveDestinationUnknown, unknown.Result.Status);
    }

    [Fact]
    public async Task Abort_CancelsWhatTheHandlerDoes()
    {
        await using var server = TestServer.Start();
        server.Archive.Add(TestServer.Image(1, 10), TransferSyntax.ExplicitVRLittleEndian);
        var (started, canceled) = (Guard.NewSignal(), Guard.NewSignal());
        server.Archive.Pause = async ct =>
        {
            await using var registration = ct.Register(() => canceled.TrySetResult());
            started.TrySetResult();
            await Task.Delay(Timeout.Infinite, ct);
        };
        var association = await server.ConnectAsync();
        var find = association.FindAsync(Uid.FINDStudyRootQueryRetrieveInformationModel, TestServer.Query("P-1"), ct: Guard.Token).ToListAsync().AsTask();
        await started.Task.Guarded();
        await association.AbortAsync().Guarded();
        await canceled.Task.Guarded();
        var e = await Assert.ThrowsAsync<AssociationEndedException>(() => find);
        Assert.Equal(AssociationEndKind.Aborted, e.End.Kind);
        await association.DisposeAsync();
    }

    [Fact]
    public async Task Store_WhoseSourceBreaks_AbortsTheAssociation()
    {
        await using var server = TestServer.Start();
        var association = await server.ConnectAsync();
        var bytes = await Part10Async(TestServer.Image(1, 3_000_000), TransferSyntax.ExplicitVRLittleEndian);
        var instance = await SopInstance.ReadAsync(new BreakingStream(bytes, 1_000_000));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await association.StoreAsync(instance, ct: Guard.Token));
        Assert.Equal(AssociationEndKind.Aborted, (await association.Completion.Guarded()).Kind);
        Assert.Empty(server.Archive.Objects);
        await association.DisposeAsync();
    }

    private static async Task<byte[]> Part10Async(DicomDataSet dataSet, TransferSyntax syntax)
    {
        using var stream = new MemoryStream();
        await Dicom.Files.DicomFile.Create(dataSet, syntax).WriteAsync(stream);
        return stream.ToArray();
    }

    private static async Task AssertSameAsync(DicomDataSet expected, DicomDataSet actual)
        => Assert.Equal(await DicomWriter.ToBytesAsync(expected, TransferSyntax.ImplicitVRLittleEndian),
            await DicomWriter.ToBytesAsync(actual, TransferSyntax.ImplicitVRLittleEndian));

    /// <summary>Fails at a place.</summary>
    private sealed class BreakingStream(byte[] bytes, int at) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => Position >= at ? throw new InvalidDataException("broken") : base.ReadAsync(buffer[..Math.Min(buffer.Length, 10_000)], cancellationToken);
    }
}
