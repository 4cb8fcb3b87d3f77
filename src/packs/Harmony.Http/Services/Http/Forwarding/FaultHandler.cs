using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>What to do about a request that a target failed: another answer, or the fault.</summary>
internal delegate ValueTask<ResponseEnvelope> FaultHandler(RequestEnvelope request, HttpTarget target, GatewayException fault, CancellationToken ct);
