using System.Runtime.ExceptionServices;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;

namespace Harmony.Core.Pipeline;

/// <summary>
/// Gives a request to every backend of a pipeline at the same time (<c>backends_mode = "all"</c>), its body while it still comes. A failure of one keeps
/// no other from getting it, and is what is answered: the sender learns that not all backends have the request, and may send it again.
/// </summary>
internal static class FanOut
{
    /// <summary>Sends it to all.</summary>
    /// <returns>
    /// The first failure in the order of the backends, else the answer of the first. By then all have answered, and all of the body has come, unless every
    /// backend refused before that: then the rest of the body is not read.
    /// </returns>
    public static async ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, NamedBackend[] backends, CancellationToken ct)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var coming = request.Body.ShareAsync(enough.Token);
        var sending = backends.Select((b, i) => SendAsync(request.Fork(i), b, ct)).ToArray();
        var all = Task.WhenAll(sending);
        await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (await AllFailedAsync(sending)) await enough.CancelAsync();
        await coming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (coming.IsFaulted || ct.IsCancellationRequested || !all.IsCompletedSuccessfully)
        {
            foreach (var sent in sending.Where(s => s.IsCompletedSuccessfully)) await (await sent).DisposeAsync();
            if (coming.IsFaulted) await coming; // comes first: the failures of the backends follow from it
            ct.ThrowIfCancellationRequested();
        }

        var outcomes = await all;
        var answered = Array.Find(outcomes, o => o.IsFailure) ?? outcomes[0];
        foreach (var other in outcomes.Where(o => o != answered)) await other.DisposeAsync();
        request.Adopt(answered.Request);
        if (answered.Fault is { } fault) ExceptionDispatchInfo.Throw(fault);
        return answered.Response!;
    }

    private static async ValueTask<bool> AllFailedAsync(Task<Outcome>[] ended)
    {
        foreach (var sent in ended)
        {
            if (!sent.IsCompletedSuccessfully || !(await sent).IsFailure) return false;
        }

        return true;
    }

    private static async Task<Outcome> SendAsync(RequestEnvelope request, NamedBackend backend, CancellationToken ct)
    {
        try
        {
            return new Outcome(request, await backend.Backend.SendAsync(request, ct), null);
        }
        catch (GatewayException e) when (!ct.IsCancellationRequested)
        {
            return new Outcome(request, null, e);
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    /// <summary>The result of a backend: a response, or a fault.</summary>
    private sealed record Outcome(RequestEnvelope Request, ResponseEnvelope? Response, GatewayException? Fault) : IAsyncDisposable
    {
        public bool IsFailure => Fault is not null || Response!.Status >= 400 || Response.Refusal is not null;

        public async ValueTask DisposeAsync()
        {
            if (Response is not null) await Response.DisposeAsync();
            Request.Dispose();
        }
    }
}
