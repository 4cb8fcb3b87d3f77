using Harmony.Core.Envelope;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Services.Http.Forwarding;

/// <summary>Holds the target's connection open while its answer is on the way, and lets go of everything at the end.</summary>
internal sealed class ResponseSource(
    TargetAnswer answer, AnswerStream? body, RequestEnvelope request, RequestUpload? upload, ActivityTimeout timeout, HttpTarget target) : IAsyncDisposable
{
    private int _disposed;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        // An answer is good when it came to its end; one that the client did not wait for says nothing.
        if (body is not { HasFailed: true } && !request.Aborted.IsCancellationRequested) target.Health.Succeeded();
        // The client's stream belongs to its connection: nobody may read from it when the request has ended.
        if (upload is { IsDone: false })
        {
            // A target may answer in full and go on taking the upload, as long as it does; where the answer was cut short nobody wants the rest.
            if (body is not { HasEnded: true } || answer.EndsConnection) timeout.Cancel();
            else timeout.CountAllWaits();
            await upload.WhenDone;
        }

        if (upload is not null) await upload.EndAsync();
        await answer.DisposeAsync();
        target.Leave();
        timeout.Dispose();
    }
}
