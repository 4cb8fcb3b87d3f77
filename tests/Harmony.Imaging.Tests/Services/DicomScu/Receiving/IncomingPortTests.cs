using System.Net;
using System.Net.Sockets;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Imaging.Services.DicomScu.Receiving;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harmony.Imaging.Tests.Services.DicomScu.Receiving;

public sealed class IncomingPortTests
{
    private const string Study = """{"StudyInstanceUID":{"Value":["1.2"]}}""";

    [Fact]
    public async Task Persistent_IsOpenFromTheStartAndTakesNothingThatNobodyAskedFor()
    {
        var port = FreePort.Take();
        await using var gateway = await ScuGateway.StartAsync(1, $"incoming_store_port = {port}\npersistent_store_scp = true");
        await using var association = await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", port, "HARMONY_SCU", "SOMEBODY"),
            [ContextProposal.For(Uid.VerificationSOPClass), ContextProposal.For(Uid.CTImageStorage)], Guard.Token);
        await association.EchoAsync(Guard.Token);
        var file = new MemoryStream(await ObjectContent.FileAsync("1.5.1.1"));
        Assert.Equal(DimseStatus.NotAuthorized, (await association.StoreAsync(await SopInstance.ReadAsync(file, Guard.Token), ct: Guard.Token)).Status);
        Assert.Empty(Directory.EnumerateFileSystemEntries(gateway.Folder));
        await gateway.Gateway.Log.FirstAsync(3105);
    }

    [Fact]
    public async Task Title_ThatNobodyMovesTo_IsRejected()
    {
        var port = FreePort.Take();
        await using var gateway = await ScuGateway.StartAsync(1, $"incoming_store_port = {port}\npersistent_store_scp = true");
        await Assert.ThrowsAsync<AssociationRejectedException>(() => new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", port, "OTHER", "SOMEBODY"), [ContextProposal.For(Uid.VerificationSOPClass)], Guard.Token));
    }

    [Fact]
    public async Task Transient_IsOpenOnlyWhileSomethingIsMoved()
    {
        var port = FreePort.Take();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {port}");
        for (var i = 0; i < 2; i++)
        {
            Assert.False(await AcceptsAsync(port));
            Assert.Equal(200, (await gateway.AskAsync("/move", Study)).Status);
        }

        Assert.False(await AcceptsAsync(port));
    }

    /// <summary>A fixed port that is opened again while the server before it is being closed: moves that rarely overlap, and follow each other.</summary>
    [Fact]
    public async Task Port_OpenedAgainWhileItCloses_IsFree()
    {
        var port = new IncomingPort(new IncomingPortSettings(IPAddress.Loopback, FreePort.Take(), null), null, TimeProvider.System, NullLogger.Instance);
        for (var round = 0; round < 50; round++)
        {
            var first = await port.OpenAsync("A", Guard.Token);
            // gives the server something to close
            using (var client = new TcpClient()) await client.ConnectAsync(IPAddress.Loopback, int.Parse(port.Address.Split(':')[^1]), Guard.Token);
            var closing = first.DisposeAsync().AsTask();
            await using (await port.OpenAsync("A", Guard.Token)) await closing;
        }
    }

    /// <summary>
    /// A program that is started while the port closes holds its socket a moment longer. An address that somebody else has from the beginning is an error at
    /// once.
    /// </summary>
    [Fact]
    public async Task Port_HeldForAMomentAfterItsUse_IsWaitedFor()
    {
        var number = FreePort.Take();
        var port = new IncomingPort(new IncomingPortSettings(IPAddress.Loopback, number, null), null, TimeProvider.System, NullLogger.Instance);
        using (var other = Listening(number)) await Assert.ThrowsAsync<SocketException>(async () => await port.OpenAsync("A", Guard.Token));
        await (await port.OpenAsync("A", Guard.Token)).DisposeAsync();
        var holder = Listening(number);
        var opening = port.OpenAsync("A", Guard.Token).AsTask();
        Assert.False(opening.IsCompleted);
        holder.Dispose();
        await using (await opening) Assert.True(await AcceptsAsync(number));

        static Socket Listening(int port)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return socket;
        }
    }

    /// <summary>Two moves of one study at the same time each get all of it.</summary>
    [Fact]
    public async Task Moves_OfTheSameStudy_EachGetAll()
    {
        var port = FreePort.Take();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {port}");
        var asking = Enumerable.Range(0, 4).Select(_ => gateway.AskAsync("/move", Study));
        foreach (var (status, answer) in await Task.WhenAll(asking)) Assert.Equal((200, 4), (status, (int)answer["file_count"]!));
    }

    /// <summary>A system that sends the number of the move with its objects is known by the first of them; from then on its moves go on at once.</summary>
    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    public async Task Moves_OfTheSameStudy_WaitForEachOtherOnlyWhereNumbersAreNotTold(bool tells, int atOnce)
    {
        var port = FreePort.Take();
        var settings = new FakePacsSettings { Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS"), TellsOriginator = tells };
        await using var pacs = FakePacs.WithStudy(settings);
        await using var gateway = await ScuGateway.StartAsync(pacs.Port, $"incoming_store_port = {port}");
        Assert.Equal(200, (await gateway.AskAsync("/move", Study)).Status);
        var gate = Guard.NewSignal();
        settings.MoveGate = () => gate.Task;
        var asking = Enumerable.Range(0, 4).Select(_ => gateway.AskAsync("/move", Study)).ToList();
        await Guard.UntilAsync(() => pacs.Moving.Now >= atOnce);
        gate.SetResult();
        foreach (var (status, answer) in await Task.WhenAll(asking)) Assert.Equal((200, 4), (status, (int)answer["file_count"]!));
        Assert.Equal(atOnce, pacs.Moving.Most);
    }

    /// <summary>Two systems move the same study to one port; only one of them tells.</summary>
    [Fact]
    public async Task Moves_OfTheSameStudyFromTwoSystems_EachGetTheirOwn()
    {
        var port = FreePort.Take();
        await using var tells = FakePacs.WithStudy(new FakePacsSettings { Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS") });
        await using var silent = FakePacs.WithStudy(new FakePacsSettings
        {
            Destination = new("127.0.0.1", port, "HARMONY_SCU", "PACS"),
            TellsOriginator = false
        });
        await using var gateway = await ScuGateway.SharingAsync([tells.Port, silent.Port], $"incoming_store_port = {port}\nload_balancing = \"round_robin\"");
        var asking = Enumerable.Range(0, 8).Select(_ => gateway.AskAsync("/move", Study));
        foreach (var (status, answer) in await Task.WhenAll(asking)) Assert.Equal((200, 4), (status, (int)answer["file_count"]!));
        Assert.Equal(1, silent.Moving.Most);
    }

    [Fact]
    public async Task Port_Taken_IsAFailureOfTheMove()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var pacs = FakePacs.WithStudy();
        await using var gateway = await ScuGateway.StartAsync(pacs.Port,
            $"incoming_store_port = {((IPEndPoint)listener.LocalEndpoint).Port}\npersistent_store_scp = true");
        await gateway.Gateway.Log.FirstAsync(3103);
        var (status, answer) = await gateway.AskAsync("/move", Study);
        Assert.Equal(500, status);
        Assert.StartsWith("objects of moves cannot come in at 127.0.0.1:", answer["error"]!.ToString(), StringComparison.Ordinal);
    }

    private static async Task<bool> AcceptsAsync(int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, Guard.Token);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
