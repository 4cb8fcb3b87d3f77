using Harmony.Core.Envelope;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>A backend whose requests need something before they leave, in this pipeline: other pipelines may use the same backend without.</summary>
internal sealed class DepartingBackend(IBackend backend, IDeparture departure) : IBackend
{
    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
    {
        request.Departure = departure;
        return backend.SendAsync(request, ct);
    }
}
