using Harmony.Core.Envelope;
using Harmony.Imaging.Dicom;
using Harmony.Imaging.Dicom.Answers;

namespace Harmony.Imaging.Services.DicomScu.Operations;

/// <summary>C-ECHO: whether the other side is there and knows the gateway.</summary>
internal sealed class ScuEcho(ScuAttempts attempts)
{
    public async ValueTask<ResponseEnvelope> RunAsync(RequestEnvelope request, TargetChoice choice, CancellationToken ct)
    {
        var node = await attempts.RepeatableAsync(DimseOperation.Echo, choice, QueryContexts.Query, static async (rented, ct) =>
        {
            await rented.Association.EchoAsync(ct);
            await rented.DisposeAsync();
            return rented.Target.Node;
        }, ct);
        return DimseAnswers.Echo(request, node.AeTitle, node.Host, node.Port);
    }
}
