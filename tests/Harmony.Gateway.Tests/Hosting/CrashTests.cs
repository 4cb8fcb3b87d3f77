using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>The program is killed while it takes an object: no file has a name that says it is whole, and the next start cleans up.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Root => _folder.PathOf("archive");

    public void Dispose() => _folder.Dispose();

    [PlatformFact("linux", "macos")]
    public async Task Kill_InTheMiddleOfAStore_LeavesNoPartialFileUnderAFinalName()
    {
        using var slow = new StoppingFile(await File.ReadAllBytesAsync(await TestObjects.WriteAsync(_folder.Path, "1.2.3", pixels: 8_000_000)));
        await using (var gateway = await StartAsync())
        {
            await using var association = await ConnectAsync(gateway);
            var storing = association.StoreAsync(await SopInstance.ReadAsync(slow)).AsTask();
            await slow.Stopped.Guarded();
            await Guard.UntilAsync(() => Incoming().Any(f => new FileInfo(f).Length > 1_000_000)); // the program does not say how far it is
            await gateway.DisposeAsync(); // kill -9
            slow.Continue();
            await Assert.ThrowsAnyAsync<Exception>(() => storing).Guarded();
        }

        Assert.Single(Incoming());
        Assert.DoesNotContain(Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories), f => !f.Contains("/.incoming/", StringComparison.Ordinal));
        await using var again = await StartAsync();
        Assert.Empty(Incoming());
        await using var second = await ConnectAsync(again);
        Assert.True((await second.StoreAsync(SopInstance.Of(TestObjects.Ct("1.2.3"), TransferSyntax.ExplicitVRLittleEndian))).Status.IsSuccess);
        Assert.True(File.Exists(Path.Combine(Root, "1.2.3.dcm")));
    }

    private string[] Incoming()
        => Directory.Exists(Path.Combine(Root, ".incoming")) ? Directory.GetFiles(Path.Combine(Root, ".incoming"), "*.part", SearchOption.AllDirectories) : [];

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(port => ScpConfig.With(ScpConfig.Storage(Root), $"port = {port}"));

    private static Task<ClientAssociation> ConnectAsync(GatewayProcess gateway)
        => new DicomClient().ConnectAsync(new DicomPeer("127.0.0.1", gateway.Address.Port, "HARMONY_SCP", "TEST"), [ContextProposal.For(Uid.CTImageStorage)]);

    /// <summary>A file whose second half does not come.</summary>
    private sealed class StoppingFile(byte[] bytes) : MemoryStream(bytes)
    {
        private readonly TaskCompletionSource _stopped = Guard.NewSignal();
        private readonly TaskCompletionSource _continued = Guard.NewSignal();

        public Task Stopped => _stopped.Task;

        public void Continue() => _continued.TrySetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position > Length / 2)
            {
                _stopped.TrySetResult();
                await _continued.Task;
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }
}
