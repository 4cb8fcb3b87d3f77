using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>An endpoint whose two steps run inside spans of its name. Made for one request.</summary>
internal sealed class TracedEndpoint(string name, IShapingEndpoint endpoint) : IShapingEndpoint
{
    public string Protocol => endpoint.Protocol;

    public IReadOnlyList<EndpointRoute> Routes => endpoint.Routes;

    public async ValueTask<ResponseEnvelope?> OnRequestAsync(RequestEnvelope request, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("endpoint", name);
        try
        {
            return await endpoint.OnRequestAsync(request, ct);
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }

    public async ValueTask OnResponseAsync(ResponseEnvelope response, CancellationToken ct)
    {
        using var span = HarmonyTrace.Step("endpoint", name);
        try
        {
            await endpoint.OnResponseAsync(response, ct);
        }
        catch (Exception e)
        {
            span.Failed(e);
            throw;
        }
    }
}
