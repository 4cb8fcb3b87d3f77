using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Xunit.Abstractions;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>
/// Associations that are opened and aborted without end (DCMTK leaked memory for each): the program is measured, and serves others meanwhile.
/// </summary>
[Collection("alone")]
[Trait("Category", "Slow")]
public sealed class AssociationFloodTests(ITestOutputHelper output)
{
    private const int Rounds = 5;
    private const int CountOfRound = 20_000;

    /// <summary>Bytes that an association may leave behind. After the first round everything is warm.</summary>
    private const long MostForEach = 200;

    /// <summary>PS3.8 table 9-26: by the service user.</summary>
    private static readonly byte[] Abort = [7, 0, 0, 0, 0, 4, 0, 0, 0, 0];

    private static readonly byte[] Request = AssociateRequest();

    [Fact]
    public async Task Associations_AHundredThousandOpenedAndAborted_LeaveMemoryFlat()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var gateway = await GatewayProcess.StartAsync(port => ScpConfig.With("[backends.b]\nservice = \"echo\"", $"port = {port}"));
        await using var other = await new DicomClient()
            .ConnectAsync(new DicomPeer("127.0.0.1", gateway.Address.Port, "HARMONY_SCP", "OTHER"), [ContextProposal.For(Uid.VerificationSOPClass)]);
        var started = TimeProvider.System.GetTimestamp();
        using var ending = new CancellationTokenSource();
        var serving = EchoAsync(other, ending.Token);
        var resident = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await FloodAsync(gateway, CountOfRound);
            resident.Add(gateway.ResidentBytes);
        }

        await ending.CancelAsync();
        var echoes = await serving.Guarded();
        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        output.WriteLine($"{Rounds * CountOfRound} in {elapsed:F1} s; {echoes} C-ECHOs were answered meanwhile");
        output.WriteLine($"MiB after each round: {string.Join(", ", resident.Select(r => r >> 20))}");
        Assert.True(echoes > 10, $"only {echoes} C-ECHOs were answered meanwhile");
        // A leak grows in every round alike; what the collector leaves lying about comes and goes.
        Assert.InRange(resident.Zip(resident.Skip(1), (before, after) => after - before).Min(), long.MinValue, MostForEach * CountOfRound);
    }

    private static async Task FloodAsync(GatewayProcess gateway, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = limit.Token };
        await Parallel.ForAsync(0, count, options, async (number, ct) =>
        {
            // Reset at the end, not closed: else this machine would run out of ports.
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                NoDelay = true, LingerState = new LingerOption(enable: true, 0)
            };
            await socket.ConnectAsync(gateway.Address, ct);
            if (number % 10 == 9) return; // says nothing at all
            await socket.SendAsync(Request, ct);
            var answer = new byte[512];
            var read = await socket.ReceiveAsync(answer, ct);
            Assert.True(read > 0 && answer[0] == 2, $"no A-ASSOCIATE-AC but {answer[0]}");
            if (number % 10 == 8) return; // is gone without a word
            await socket.SendAsync(Abort, ct);
            while (await socket.ReceiveAsync(answer, ct) > 0)
            {
                // The gateway closes the connection.
            }
        });
    }

    private static async Task<int> EchoAsync(ClientAssociation association, CancellationToken ending)
    {
        for (var count = 0; ; count++)
        {
            if (ending.IsCancellationRequested) return count;
            await association.EchoAsync(Guard.Token);
        }
    }

    /// <summary>A-ASSOCIATE-RQ (PS3.8 table 9-11) that proposes verification.</summary>
    private static byte[] AssociateRequest()
    {
        byte[] context = [1, 0, 0, 0, .. Item(0x30, "1.2.840.10008.1.1"u8), .. Item(0x40, "1.2.840.10008.1.2"u8)];
        byte[] body =
        [
            0, 1, 0, 0, .. Encoding.ASCII.GetBytes("HARMONY_SCP".PadRight(16)), .. Encoding.ASCII.GetBytes("FLOOD".PadRight(16)), .. new byte[32],
            .. Item(0x10, "1.2.840.10008.3.1.1.1"u8), .. Item(0x20, context), .. Item(0x50, [.. Item(0x51, [0, 0, 0x40, 0]), .. Item(0x52, "1.2.3"u8)]),
        ];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length);
        return [1, 0, .. length, .. body];
    }

    private static byte[] Item(byte type, ReadOnlySpan<byte> value) => [type, 0, (byte)(value.Length >> 8), (byte)value.Length, .. value];
}
