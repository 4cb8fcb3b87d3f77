using Harmony.Core.Envelope;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Associations;
using Harmony.Dicom.Network.Dimse;
using Harmony.Dicom.Network.Scu;
using Harmony.Testing;
using Harmony.Testing.Dicom;

namespace Harmony.Benchmarks.Dimse;

/// <summary>
/// An operation on an association with the gateway: socket, upper layer, message, and back. The sender is this library and is counted, too.
/// </summary>
internal abstract class DimseScenario(string name) : IScenario
{
    private TestGateway? _gateway;

    public string Name => name;

    public bool WorksOnOtherThreads => true;

    protected ClientAssociation? Association { get; private set; }

    public async ValueTask SetupAsync()
    {
        _gateway = await TestGateway.StartAsync(ScpConfig.With(ScriptedBackend.Toml), extra: new ScriptedBackend(ReadAsync), quiet: true);
        Association = await new DicomClient().ConnectAsync(
            new DicomPeer("127.0.0.1", _gateway.DicomAddress.Port, "HARMONY_SCP", "BENCH"),
            [ContextProposal.For(Uid.VerificationSOPClass), ContextProposal.For(Uid.CTImageStorage)]);
    }

    public abstract ValueTask OperationAsync();

    public async ValueTask DisposeAsync()
    {
        if (Association is not null) await Association.DisposeAsync();
        if (_gateway is not null) await _gateway.DisposeAsync();
    }

    private static async ValueTask<ResponseEnvelope> ReadAsync(RequestEnvelope request, CancellationToken ct)
    {
        await request.Body.OpenStream().CopyToAsync(Stream.Null, ct);
        return new ResponseEnvelope(request, 200);
    }
}

/// <summary>C-ECHO, which no pipeline sees: what a message costs.</summary>
internal sealed class EchoScenario() : DimseScenario("dimse/echo")
{
    public override async ValueTask OperationAsync() => await Association!.EchoAsync();
}

/// <summary>C-STORE of an image of 64 KiB to a backend that reads it and keeps nothing.</summary>
internal sealed class StoreScenario() : DimseScenario("dimse/store-64k")
{
    private readonly SopInstance _image = SopInstance.Of(TestObjects.Ct("1.2.3", pixels: 64 * 1024), TransferSyntax.ExplicitVRLittleEndian);

    public override async ValueTask OperationAsync() => await Association!.StoreAsync(_image);
}
