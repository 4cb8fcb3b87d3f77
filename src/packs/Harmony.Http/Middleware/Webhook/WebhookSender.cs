using System.Net.Http.Headers;
using Harmony.Core.Egress;
using Harmony.Http.Services.Http.Targets;

namespace Harmony.Http.Middleware.Webhook;

/// <summary>Delivers one document to the receiver, with further tries where they may help.</summary>
internal sealed class WebhookSender(Uri endpoint, TargetCredentials? credentials, EgressClient client, int maxRetries, TimeProvider clock) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Sends until the receiver takes it or the tries are used up.</summary>
    /// <returns>The receiver's status, 2xx.</returns>
    /// <exception cref="EgressException">It was not taken; the message says why and holds nothing of the document.</exception>
    public async Task<int> SendAsync(ReadOnlyMemory<byte> document, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(document, ct);
            }
            catch (EgressException e) when (attempt < maxRetries && e.Failure is EgressFailure.Unreachable or EgressFailure.Timeout)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 << attempt), clock, ct);
            }
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<int> SendOnceAsync(ReadOnlyMemory<byte> document, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new ReadOnlyMemoryContent(document) };
        request.Content.Headers.ContentType = Json;
        if (credentials is not null) request.Headers.TryAddWithoutValidation(credentials.Field, credentials.Value);
        var answer = await client.NotifyAsync(request, ct);
        if (answer.IsSuccess) return answer.Status;
        var failure = answer.Status is 408 or 429 or >= 500 ? EgressFailure.Unreachable : EgressFailure.Protocol;
        throw new EgressException(failure, $"'{endpoint.Host}' answered {answer.Status}");
    }
}
