using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>A backend inside a span of its name, which ends with the head of the answer.</summary>
internal sealed class TracedBackend(NamedBackend backend) : IBackend
{
    public async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("backend", backend.Name);
        try
        {
            var response = await backend.Backend.SendAsync(request, ct);
            span.Answered(response.Status);
            return response;
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }
}
