using System.Text.Json.Nodes;
using System.Threading.Channels;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Http.Tests.Middleware.Webhook;

/// <summary>A receiver that keeps what it is told and answers as a test wants.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Channel<(JsonNode Document, string? Authorization)> _received = Channel.CreateUnbounded<(JsonNode, string?)>();
    private KestrelOrigin? _origin;

    public Uri Url => new(_origin!.Url, "/hook");

    public static async Task<WebhookReceiver> StartAsync(Func<HttpContext, Task>? answer = null)
    {
        var receiver = new WebhookReceiver();
        receiver._origin = await KestrelOrigin.StartAsync(async context =>
        {
            var document = await JsonNode.ParseAsync(context.Request.Body);
            receiver._received.Writer.TryWrite((document!, context.Request.Headers.Authorization));
            if (answer is not null) await answer(context);
        });
        return receiver;
    }

    public Task<(JsonNode Document, string? Authorization)> NextAsync() => _received.Reader.ReadAsync(Guard.Token).AsTask();

    public ValueTask DisposeAsync() => _origin!.DisposeAsync();
}
