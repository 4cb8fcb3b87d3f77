using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;

namespace Harmony.Data.Services.Storage;

/// <summary>Stands for a store of a kind that is not there yet: requests are turned away, nothing is lost silently.</summary>
internal sealed class UnavailableStorage(string name) : IBackend
{
    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct)
        => throw new GatewayException(FaultSource.Gateway, FaultKind.Unavailable, $"backend '{name}' needs storage in S3, which is not yet available");
}
