using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Storage;

namespace Harmony.Core.Pipeline;

/// <summary>
/// Gives a request to every backend of a pipeline, one after another (<c>backends_mode = "all"</c>). A failure of one keeps no other from getting
/// it, and is what is answered: whoever sent the request knows that not all have it and may send it again.
/// </summary>
internal static class FanOut
{
    public static async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, NamedBackend[] backends, CancellationToken ct)
    {
        await KeepAsync(request.Body, ct);
        Outcome? answered = null;
        for (var i = 0; i < backends.Length; i++)
        {
            var outcome = await SendAsync(request, backends[i], i, ct);
            if (answered is null)
            {
                answered = outcome;
            }
            else
            {
                var (kept, other) = outcome.IsFailure && !answered.IsFailure ? (outcome, answered) : (answered, outcome);
                answered = kept;
                if (other.Response is not null) await other.Response.DisposeAsync();
            }
        }

        request.ChosenBackend = answered!.Backend;
        return answered.Response ?? throw answered.Fault!;
    }

    private static async ValueTask<Outcome> SendAsync(RequestEnvelope request, NamedBackend backend, int index, CancellationToken ct)
    {
        request.ChosenBackend = index;
        try
        {
            return new Outcome(index, await backend.Backend.SendAsync(request, ct), null);
        }
        catch (GatewayException e) when (!ct.IsCancellationRequested)
        {
            return new Outcome(index, null, e);
        }
    }

    /// <summary>A body from the wire can be read once; kept, beyond 64 KiB in a temporary file, it can be read by each.</summary>
    private static async ValueTask KeepAsync(Body body, CancellationToken ct)
    {
        try
        {
            await body.SpoolAsync(long.MaxValue, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Of(e, Path.GetTempPath());
        }
    }

    /// <summary>What one backend made of it: an answer, or a fault.</summary>
    private sealed record Outcome(int Backend, ResponseEnvelope? Response, GatewayException? Fault)
    {
        public bool IsFailure => Fault is not null || Response!.Status >= 400 || Response.Refusal is not null;
    }
}
