using System.Collections.Concurrent;

namespace Harmony.Testing;

/// <summary>An origin that keeps what it was asked, so that a test can tell that it was not asked at all.</summary>
public sealed class CountedOrigin : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string? Authorization)> _asked = new();
    private KestrelOrigin? _origin;

    public Uri Url => _origin!.Url;

    /// <summary>Paths and the header Authorization of all requests.</summary>
    public IReadOnlyList<(string Path, string? Authorization)> Asked => [.. _asked];

    public static async Task<CountedOrigin> StartAsync(string contentType = "text/plain", string body = "here")
    {
        var counted = new CountedOrigin();
        counted._origin = await KestrelOrigin.StartAsync(async context =>
        {
            counted._asked.Enqueue((context.Request.Path, context.Request.Headers.Authorization));
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = contentType;
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
        });
        return counted;
    }

    public ValueTask DisposeAsync() => _origin!.DisposeAsync();
}
