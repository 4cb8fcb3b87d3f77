using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Access.Tests.Authentication;

/// <summary>An issuer that publishes keys, or an authorization server that answers questions; counts who asks.</summary>
internal sealed class KeyServer : IAsyncDisposable
{
    private KestrelOrigin _origin = null!;
    private int _asked;

    /// <summary>Answers by path; a path without one is 503.</summary>
    public Dictionary<string, Func<HttpContext, Task<string>>> Documents { get; } = [];

    public int Asked => _asked;

    public Uri Url => new(_origin.Url.ToString().TrimEnd('/'));

    public static async Task<KeyServer> StartAsync()
    {
        var server = new KeyServer();
        server._origin = await KestrelOrigin.StartAsync(async context =>
        {
            Interlocked.Increment(ref server._asked);
            if (!server.Documents.TryGetValue(context.Request.Path, out var document))
            {
                context.Response.StatusCode = 503;
                return;
            }

            await context.Response.WriteAsync(await document(context));
        });
        return server;
    }

    /// <summary>Publishes a set of keys at <c>/keys</c>.</summary>
    public void Publish(params string[] jwks) => Documents["/keys"] = _ => Task.FromResult($$"""{"keys":[{{string.Join(',', jwks)}}]}""");

    public ValueTask DisposeAsync() => _origin.DisposeAsync();
}
