using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;

namespace Harmony.Core.Pipeline;

/// <summary>Stands in the place of a backend that may not be used, beside others of the same pipeline that may.</summary>
/// <param name="name">The backend's name.</param>
/// <param name="reason">Why it may not be used.</param>
internal sealed class ClosedBackend(string name, string reason) : IBackend
{
    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        => throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, $"backend '{name}' gets no requests: {reason}");
}
