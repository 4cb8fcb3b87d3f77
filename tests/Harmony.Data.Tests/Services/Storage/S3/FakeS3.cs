using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Harmony.Testing;
using Microsoft.AspNetCore.Http;

namespace Harmony.Data.Tests.Services.Storage.S3;

/// <summary>
/// A strict stand-in for S3: keeps objects in memory, refuses chunked signatures and trailers as servers of other makers do, and fails on request.
/// </summary>
internal sealed class FakeS3 : IAsyncDisposable
{
    private readonly KestrelOrigin _origin;
    private int _uploads;

    private FakeS3(KestrelOrigin origin) => _origin = origin;

    public Uri Url => _origin.Url;

    public ConcurrentDictionary<string, (byte[] Content, string Type, string? Hash)> Objects { get; private init; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, SortedDictionary<int, byte[]>> Uploads { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>What was asked, as <c>METHOD path?query</c>.</summary>
    public ConcurrentQueue<string> Requests { get; private init; } = new();

    /// <summary>Fails a request by its method and query; null for none.</summary>
    public Func<string, string, int?>? Fails { get; set; }

    public static async Task<FakeS3> StartAsync()
    {
        FakeS3? server = null;
        var origin = await KestrelOrigin.StartAsync(context => server!.HandleAsync(context));
        return server = new FakeS3(origin);
    }

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var (key, query) = (Uri.UnescapeDataString(request.Path.Value!.TrimStart('/')), request.QueryString.Value ?? "");
        Requests.Enqueue($"{request.Method} {key}{query}");
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer);
        if (request.Headers["x-amz-content-sha256"].ToString().StartsWith("STREAMING", StringComparison.Ordinal)
            || request.Headers.ContainsKey("x-amz-trailer"))
        {
            await ErrorAsync(response, 501, "NotImplemented");
            return;
        }

        if (Fails?.Invoke(request.Method, query) is { } status)
        {
            await ErrorAsync(response, status, status == 503 ? "SlowDown" : "InternalError");
            return;
        }

        await AnswerAsync(context, key, query, buffer.ToArray());
    }

    private async Task AnswerAsync(HttpContext context, string key, string query, byte[] body)
    {
        var (request, response) = (context.Request, context.Response);
        var mustBeNew = request.Headers.IfNoneMatch == "*";
        switch (request.Method)
        {
            case "POST" when query.StartsWith("?uploads", StringComparison.Ordinal):
                var id = $"upload-{Interlocked.Increment(ref _uploads)}";
                Uploads[id] = [];
                await XmlAsync(
                    response, $"<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>{key}</Key><UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
                break;
            case "PUT" when request.Query.ContainsKey("uploadId"):
                lock (Uploads) Uploads[request.Query["uploadId"]!][int.Parse(request.Query["partNumber"]!, CultureInfo.InvariantCulture)] = body;
                response.Headers.ETag = Tag(body);
                break;
            case "POST" when request.Query.ContainsKey("uploadId"):
                if (mustBeNew && Objects.ContainsKey(key))
                {
                    await ErrorAsync(response, 412, "PreconditionFailed");
                    return;
                }

                Uploads.TryRemove(request.Query["uploadId"]!, out var parts);
                Objects[key] = ([.. parts!.Values.SelectMany(p => p)], "application/octet-stream", null);
                await XmlAsync(response, "<CompleteMultipartUploadResult><ETag>\"x\"</ETag></CompleteMultipartUploadResult>");
                break;
            case "DELETE" when request.Query.ContainsKey("uploadId"):
                Uploads.TryRemove(request.Query["uploadId"]!, out _);
                response.StatusCode = 204;
                break;
            case "PUT" when mustBeNew && Objects.ContainsKey(key):
                await ErrorAsync(response, 412, "PreconditionFailed");
                break;
            case "PUT":
                Objects[key] = (body, request.ContentType ?? "", request.Headers["x-amz-meta-sha256"]);
                response.Headers.ETag = Tag(body);
                break;
            case "GET" when query.StartsWith("?uploads", StringComparison.Ordinal):
                await XmlAsync(response, "<ListMultipartUploadsResult>" + string.Concat(Uploads.Keys.Select(u =>
                    $"<Upload><Key>k</Key><UploadId>{u}</UploadId><Initiated>2020-01-01T00:00:00.000Z</Initiated></Upload>"))
                        + "<IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
                break;
            case "GET" or "HEAD" when Objects.TryGetValue(key, out var found):
                response.ContentType = found.Type;
                response.ContentLength = found.Content.Length;
                response.Headers.ETag = Tag(found.Content);
                if (found.Hash is not null) response.Headers["x-amz-meta-sha256"] = found.Hash;
                if (request.Method == "GET") await response.Body.WriteAsync(found.Content);
                break;
            case "GET" or "HEAD":
                await ErrorAsync(response, 404, "NoSuchKey");
                break;
        }
    }

    // CA5351: the ETag of S3 is an MD5, and protects nothing.
#pragma warning disable CA5351
    private static string Tag(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";
#pragma warning restore CA5351

    private static Task XmlAsync(HttpResponse response, string text)
    {
        response.ContentType = "application/xml";
        return response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text, Encoding.UTF8);
    }

    private static Task ErrorAsync(HttpResponse response, int status, string code)
    {
        response.StatusCode = status;
        return response.HttpContext.Request.Method == "HEAD"
            ? Task.CompletedTask
            : XmlAsync(response, $"<Error><Code>{code}</Code><Message>no</Message></Error>");
    }
}
