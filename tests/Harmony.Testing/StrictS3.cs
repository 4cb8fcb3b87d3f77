using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;

namespace Harmony.Testing;

/// <summary>What goes wrong with a request.</summary>
public enum S3Trouble
{
    /// <summary>503 SlowDown; nothing is done.</summary>
    SlowDown,

    /// <summary>500 InternalError; nothing is done.</summary>
    InternalError,

    /// <summary>The connection is reset before anything is done.</summary>
    Dropped,

    /// <summary>The request is done, and the connection is reset in place of the response.</summary>
    ResponseLost,
}

/// <summary>
/// A server of the protocol of S3 that forgives nothing: it refuses chunked signatures and trailers, parts that are too small, tags of other parts, and who
/// has no signature. It knows conditional writes, and fails as it is told to.
/// </summary>
public sealed class StrictS3 : IAsyncDisposable
{
    public const string Bucket = "images";

    private const int SmallestPart = 5 * 1024 * 1024;

    private static readonly string[] Kinds = ["uploads", "partNumber", "uploadId", "list-type"];

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Stored> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Upload> _uploads = new(StringComparer.Ordinal);
    private readonly KestrelOrigin _origin;
    private int _numbers;

    private StrictS3(Func<RequestDelegate, Task<KestrelOrigin>> start) => _origin = start(HandleAsync).GetAwaiter().GetResult();

    public Uri Url => _origin.Url;

    /// <summary>What was asked: <c>PUT partNumber</c>, <c>POST uploads</c>, <c>GET</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>Decides what goes wrong with a request; null for nothing.</summary>
    public Func<string, S3Trouble?> Trouble { get; set; } = _ => null;

    /// <summary>Whether conditional writes are refused with 501, as some servers do.</summary>
    public bool KnowsNoConditions { get; init; }

    /// <summary>Runs before an object is looked up for a condition: what another writer does at that moment.</summary>
    public Action? BeforeCondition { get; set; }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_lock) return [.. _objects.Keys];
        }
    }

    public int OpenUploads
    {
        get
        {
            lock (_lock) return _uploads.Count;
        }
    }

    public static StrictS3 Start(bool knowsNoConditions = false) => new(handler => KestrelOrigin.StartAsync(handler)) { KnowsNoConditions = knowsNoConditions };

    public byte[] BytesOf(string key)
    {
        lock (_lock) return _objects[key].Bytes;
    }

    public void Put(string key, byte[] bytes)
    {
        lock (_lock) Store(key, bytes, "application/octet-stream", []);
    }

    /// <summary>Fails the requests of one kind in the order of the troubles; then all is well.</summary>
    public void Fail(string asked, params S3Trouble[] troubles)
    {
        var left = new ConcurrentQueue<S3Trouble>(troubles);
        Trouble = what => what == asked && left.TryDequeue(out var trouble) ? trouble : null;
    }

    public async ValueTask DisposeAsync() => await _origin.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var asked = KindOf(request);
        Asked.Enqueue(asked);
        using var body = new MemoryStream();
        var trouble = Trouble(asked);
        if (trouble == S3Trouble.Dropped)
        {
            context.Abort();
            return;
        }

        await request.Body.CopyToAsync(body);
        if (trouble is S3Trouble.SlowDown or S3Trouble.InternalError)
        {
            await ErrorAsync(context, trouble == S3Trouble.SlowDown ? 503 : 500, trouble.ToString()!);
            return;
        }

        if (Refusal(request) is { } refusal)
        {
            await ErrorAsync(context, refusal.Status, refusal.Code);
            return;
        }

        var path = request.Path.Value!.TrimStart('/').Split('/', 2);
        if (path[0] != Bucket)
        {
            await ErrorAsync(context, 404, "NoSuchBucket");
            return;
        }

        Answer answer;
        lock (_lock) answer = path is [_, { Length: > 0 } key] ? OfObject(request, asked, key, body.ToArray()) : OfBucket(request);
        if (trouble == S3Trouble.ResponseLost)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers) context.Response.Headers[name] = value;
        context.Response.ContentLength = answer.Length ?? answer.Body.Length;
        if (request.Method != "HEAD" && answer.Status != 204) await context.Response.Body.WriteAsync(answer.Body);
    }

    private static string KindOf(HttpRequest request)
    {
        var key = Kinds.FirstOrDefault(request.Query.ContainsKey);
        return key is null ? request.Method : $"{request.Method} {key}";
    }

    private (int Status, string Code)? Refusal(HttpRequest request)
    {
        if (!request.Headers.Authorization.ToString().Contains("Credential=key/", StringComparison.Ordinal)) return (403, "InvalidAccessKeyId");
        if (request.Headers["x-amz-content-sha256"].ToString().StartsWith("STREAMING-", StringComparison.Ordinal)
            || request.Headers.ContainsKey("x-amz-trailer")
            || request.Headers.ContentEncoding.ToString().Contains("aws-chunked", StringComparison.Ordinal))
        {
            return (400, "InvalidRequest");
        }

        var isConditional = request.Method is "PUT" or "POST" && (request.Headers.IfNoneMatch.Count > 0 || request.Headers.IfMatch.Count > 0);
        return KnowsNoConditions && isConditional ? (501, "NotImplemented") : null;
    }

    private Answer OfObject(HttpRequest request, string asked, string key, byte[] body)
    {
        switch (asked)
        {
            case "PUT" when request.Headers["x-amz-copy-source"].ToString() is { Length: > 0 } source:
                var from = Uri.UnescapeDataString(source).TrimStart('/').Split('/', 2)[1];
                if (!_objects.TryGetValue(from, out var copied)) return Answer.Error(404, "NoSuchKey");
                var copy = Store(key, copied.Bytes, copied.ContentType, copied.Metadata);
                return Answer.Xml(new XElement("CopyObjectResult", new XElement("ETag", copy.ETag)));
            case "PUT":
                if (!ConditionHolds(request, key)) return Answer.Error(412, "PreconditionFailed");
                return Answer.Tagged(Store(key, body, request.ContentType ?? "binary/octet-stream", MetadataOf(request)).ETag);
            case "POST uploads":
                var id = string.Create(CultureInfo.InvariantCulture, $"upload-{++_numbers}");
                _uploads[id] = new Upload(key, request.ContentType ?? "", MetadataOf(request), TimeProvider.System.GetUtcNow());
                return Answer.Xml(
                    new XElement("InitiateMultipartUploadResult", new XElement("Bucket", Bucket), new XElement("Key", key), new XElement("UploadId", id)));
            case "PUT partNumber":
                if (!_uploads.TryGetValue(request.Query["uploadId"]!, out var upload)) return Answer.Error(404, "NoSuchUpload");
                upload.Parts[int.Parse(request.Query["partNumber"]!, CultureInfo.InvariantCulture)] = body;
                return Answer.Tagged(TagOf(body));
            case "POST uploadId":
                return Complete(request, key, request.Query["uploadId"]!, body);
            case "DELETE uploadId":
                return _uploads.Remove(request.Query["uploadId"]!) ? new Answer(204) : Answer.Error(404, "NoSuchUpload");
            case "DELETE":
                _objects.Remove(key);
                return new Answer(204);
            default:
                return _objects.TryGetValue(key, out var found) ? Read(request, found) : Answer.Error(404, "NoSuchKey");
        }
    }

    private Answer Complete(HttpRequest request, string key, string id, byte[] body)
    {
        if (!_uploads.TryGetValue(id, out var upload)) return Answer.Error(404, "NoSuchUpload");
        XNamespace s3 = "http://s3.amazonaws.com/doc/2006-03-01/";
        var listed = XDocument.Parse(System.Text.Encoding.UTF8.GetString(body)).Root!.Elements(s3 + "Part")
            .Select(p => (Number: (int)p.Element(s3 + "PartNumber")!, ETag: p.Element(s3 + "ETag")!.Value)).ToList();
        if (listed.Count == 0 || listed.Any(p => !upload.Parts.TryGetValue(p.Number, out var part) || TagOf(part).Trim('"') != p.ETag.Trim('"')))
            return Answer.Error(400, "InvalidPart");
        if (listed.SkipLast(1).Any(p => upload.Parts[p.Number].Length < SmallestPart)) return Answer.Error(400, "EntityTooSmall");
        if (!ConditionHolds(request, key)) return Answer.Error(412, "PreconditionFailed");
        _uploads.Remove(id);
        var stored = Store(key, [.. listed.SelectMany(p => upload.Parts[p.Number])], upload.ContentType, upload.Metadata, $"-{listed.Count}");
        return Answer.Xml(new XElement("CompleteMultipartUploadResult", new XElement("Key", key), new XElement("ETag", stored.ETag)));
    }

    private bool ConditionHolds(HttpRequest request, string key)
    {
        if (request.Headers.IfNoneMatch.Count == 0 && request.Headers.IfMatch.Count == 0) return true;
        BeforeCondition?.Invoke();
        var there = _objects.GetValueOrDefault(key);
        if (request.Headers.IfNoneMatch == "*") return there is null;
        return there is not null && there.ETag.Trim('"') == request.Headers.IfMatch.ToString().Trim('"');
    }

    private static Answer Read(HttpRequest request, Stored found)
    {
        var headers = found.Headers();
        if (request.Method == "HEAD") return new Answer(200) { Headers = headers, Length = found.Bytes.Length };
        if (request.GetTypedHeaders().Range?.Ranges.First() is not { } range) return new Answer(200) { Headers = headers, Body = found.Bytes };
        var (from, to) = ((int)range.From!.Value, (int)Math.Min(range.To!.Value, found.Bytes.Length - 1));
        headers["content-range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{found.Bytes.Length}");
        return new Answer(206) { Headers = headers, Body = found.Bytes[from..(to + 1)] };
    }

    private Answer OfBucket(HttpRequest request)
    {
        var prefix = request.Query["prefix"].ToString();
        if (request.Query.ContainsKey("uploads"))
        {
            return Answer.Xml(new XElement("ListMultipartUploadsResult", new XElement("IsTruncated", false),
                _uploads.Where(u => u.Value.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(u =>
                new XElement("Upload", new XElement("Key", u.Value.Key), new XElement("UploadId", u.Key), new XElement("Initiated", Time(u.Value.Begun))))));
        }

        var after = request.Query["continuation-token"].ToString() is { Length: > 0 } token ? token : request.Query["start-after"].ToString();
        // short pages
        var found = _objects.Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(o.Key, after) > 0).Take(3).ToList();
        var page = found.Take(2).ToList();
        return Answer.Xml(new XElement("ListBucketResult", new XElement("IsTruncated", found.Count > 2), found.Count > 2
            ? new XElement("NextContinuationToken", page[^1].Key)
            : null,
            page.Select(o => new XElement("Contents", new XElement("Key", o.Key), new XElement("Size", o.Value.Bytes.Length),
                new XElement("ETag", o.Value.ETag), new XElement("LastModified", Time(o.Value.Written))))));
    }

    private static Dictionary<string, string> MetadataOf(HttpRequest request)
        => request.Headers.Where(h => h.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    private Stored Store(string key, byte[] bytes, string contentType, Dictionary<string, string> metadata, string suffix = "")
        => _objects[key] = new Stored(bytes, $"\"{TagOf(bytes).Trim('"')}{suffix}\"", contentType, metadata, TimeProvider.System.GetUtcNow());

#pragma warning disable CA5351 // MD5 is what the protocol has
    private static string TagOf(byte[] bytes) => $"\"{Convert.ToHexStringLower(MD5.HashData(bytes))}\"";
#pragma warning restore CA5351

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static Task ErrorAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        var body = Answer.Error(status, code).Body;
        return context.Request.Method == "HEAD" ? Task.CompletedTask : context.Response.Body.WriteAsync(body).AsTask();
    }

    private sealed record Stored(byte[] Bytes, string ETag, string ContentType, Dictionary<string, string> Metadata, DateTimeOffset Written)
    {
        public Dictionary<string, string> Headers() => new(Metadata, StringComparer.OrdinalIgnoreCase)
        {
            ["etag"] = ETag, ["content-type"] = ContentType, ["last-modified"] = Written.ToString("R", CultureInfo.InvariantCulture),
        };
    }

    private sealed record Upload(string Key, string ContentType, Dictionary<string, string> Metadata, DateTimeOffset Begun)
    {
        public Dictionary<int, byte[]> Parts { get; } = [];
    }

    private sealed record Answer(int Status)
    {
        public byte[] Body { get; init; } = [];

        public long? Length { get; init; }

        public Dictionary<string, string> Headers { get; init; } = [];

        public static Answer Xml(XElement document)
        {
            XNamespace s3 = "http://s3.amazonaws.com/doc/2006-03-01/";
            foreach (var element in document.DescendantsAndSelf()) element.Name = s3 + element.Name.LocalName;
            return new Answer(200) { Body = System.Text.Encoding.UTF8.GetBytes(document.ToString()), Headers = { ["content-type"] = "application/xml" } };
        }

        public static Answer Tagged(string etag) => new(200) { Headers = { ["etag"] = etag } };

        public static Answer Error(int status, string code)
            => new(status)
            {
                Body = System.Text.Encoding.UTF8.GetBytes($"<Error><Code>{code}</Code><Message>{code}</Message></Error>"),
                Headers = { ["content-type"] = "application/xml" }
            };
    }
}
