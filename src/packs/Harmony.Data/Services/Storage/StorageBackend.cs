using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Core.Storage;
using Harmony.Imaging.Dicom;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Services.Storage;

/// <summary>
/// Writes bodies to a store, reads, lists and deletes them. GET and HEAD read; POST, PUT, PATCH and C-STORE write. A write is answered when the
/// object is safe.
/// </summary>
internal sealed class StorageBackend : IBackend, IAsyncDisposable
{
    /// <summary>The key of the metadata that hold where an object was stored, below the root.</summary>
    private const string StoredPath = "storedPath";

    /// <summary>The key of the metadata that hold the same with the name of the backend.</summary>
    private const string StoredUri = "storedUri";

    /// <summary>What clients say of everything, such as <c>curl --data-binary</c>: the name says more.</summary>
    private static readonly string[] SaysNothing = [ObjectContentType.Unknown, "application/x-www-form-urlencoded", "binary/octet-stream"];

    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(12);

    private readonly IObjectStore _store;
    private readonly StorageReads _reads;
    private readonly NamePattern? _write;
    private readonly PlaceholderValues? _writeValues;
    private readonly NamePattern _read;
    private readonly PlaceholderValues _readValues;
    private readonly StorageBackendOptions _options;
    private readonly IfExists _ifExists;
    private readonly string _name;
    private readonly string _methods;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private BackgroundLoop? _sweeping;

    private StorageBackend(IObjectStore store, NamePattern? write, NamePattern read, StorageBackendOptions options, BackendContext context)
    {
        var (contents, clock) = (new ContentReader(context.Environment.Limits), context.Environment.Clock);
        (_store, _write, _read, _options, _name) = (store, write, read, options, context.Name);
        _ifExists = Enum.Parse<IfExists>(options.IfExists, ignoreCase: true);
        _reads = new StorageReads(store);
        _writeValues = write is null ? null : new PlaceholderValues(write, contents, clock);
        _readValues = new PlaceholderValues(read, contents, clock);
        _methods = write is null ? "GET, HEAD" : options.AllowDelete ? "GET, HEAD, POST, PUT, PATCH, DELETE" : "GET, HEAD, POST, PUT, PATCH";
        _clock = clock;
        _logger = context.Environment.Loggers.CreateLogger("harmony.storage");
    }

    public IReadOnlyList<string> Targets => [_store.Description];

    public static IBackend? Create(StorageBackendOptions options, BackendContext context)
    {
        var write = options.WritePattern is null ? null : Compile(options.WritePattern, "write_pattern", options, context);
        var read = Compile(options.ReadPattern, "read_pattern", options, context);
        if (read is null || (write is null && options.WritePattern is not null)) return null;
        if (options.KeepDays > 0 && write is null)
        {
            context.Problems.Error(options.LocationOf("keep_days"),
                $"'keep_days' of backend '{context.Name}' needs a 'write_pattern': what others wrote is not the gateway's to delete");
            return null;
        }

        if (options.AllowList && !read.EndsWithPath)
        {
            context.Problems.Error(options.LocationOf("allow_list"),
                $"'allow_list' of backend '{context.Name}' needs a 'read_pattern' that ends with {{path}} or {{full_path}}");
            return null;
        }

        return ObjectStores.Create(options, context) is { } store ? new StorageBackend(store, write, read, options, context) : null;
    }

    /// <summary>
    /// Leftovers of a process that was stopped in the middle of a write go, now and later: those of other machines take their time. In a folder they are gone
    /// before the first request; a server in a network is not waited for.
    /// </summary>
    public void Activate()
    {
        Task? first = SweepAsync(CancellationToken.None).AsTask();
        _sweeping = BackgroundLoop.Start($"sweeping the leftovers of '{_name}'", SweepEvery, async ct =>
        {
            if (Interlocked.Exchange(ref first, null) is { } begun) await begun;
            else await SweepAsync(ct);
            await ExpireAsync(ct);
        }, _clock, _logger);
    }

    public void Deactivate() => _sweeping?.Stop();

    public async ValueTask DisposeAsync()
    {
        if (_sweeping is not null) await _sweeping.DisposeAsync();
        _store.Dispose();
    }

    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct) => (request.Target?.Method ?? request.Method) switch
    {
        "GET" or "HEAD" => ReadAsync(request, ct),
        "POST" or "PUT" or "PATCH" or "C-STORE" when _write is not null => WriteAsync(request, ct),
        "DELETE" when _write is not null && _options.AllowDelete => DeleteAsync(request, ct),
        _ => new ValueTask<ResponseEnvelope>(NotAllowed(request)),
    };

    private static NamePattern? Compile(string text, string key, StorageBackendOptions options, BackendContext context)
    {
        if (NamePattern.TryParse(text, out var pattern, out var error)) return pattern;
        context.Problems.Error(options.LocationOf(key), $"'{key}' of backend '{context.Name}' is not a pattern: {error}");
        return null;
    }

    private async ValueTask SweepAsync(CancellationToken ct)
    {
        if (await _store.CleanUpAsync(ct) is > 0 and var count) StorageLog.CleanedUp(_logger, _name, count);
    }

    /// <summary>Deletes what has been kept long enough.</summary>
    private async ValueTask ExpireAsync(CancellationToken ct)
    {
        if (_options.KeepDays == 0) return;
        var (limit, count) = (_clock.GetUtcNow() - TimeSpan.FromDays(_options.KeepDays), 0);
        await foreach (var stat in _store.ListAsync("", "", ct))
        {
            if (stat.Modified < limit && await _store.DeleteAsync(stat.Name, ct)) count++;
        }

        if (count > 0) StorageLog.Expired(_logger, _name, count, _options.KeepDays);
    }

    private ResponseEnvelope NotAllowed(RequestEnvelope request)
    {
        var response = new ResponseEnvelope(request, 405);
        response.Headers.Add("allow", _methods);
        return response;
    }

    private async ValueTask<ResponseEnvelope> ReadAsync(RequestEnvelope request, CancellationToken ct)
    {
        var values = await ReadValuesAsync(request, ct);
        if (_options.AllowList && request.Path.EndsWith('/')) return await _reads.ListAsync(request, _read.Prefix(values.GetValueOrDefault), ct);
        foreach (var name in NamesOf(values))
        {
            if (await _reads.AnswerAsync(request, name, ct) is { } found) return found;
        }

        return NotFound(request);
    }

    private async ValueTask<ResponseEnvelope> DeleteAsync(RequestEnvelope request, CancellationToken ct)
    {
        var values = await ReadValuesAsync(request, ct);
        foreach (var name in NamesOf(values))
        {
            if (request.Headers.Combined("if-match") is { } wanted && await _store.StatAsync(name, ct) is { } there
                && !EntityTags.NamesStrongly(wanted, there.ETag))
                return new ResponseEnvelope(request, 412);
            if (await _store.DeleteAsync(name, ct)) return new ResponseEnvelope(request, 204);
        }

        return NotFound(request);
    }

    private async ValueTask<Dictionary<string, string>> ReadValuesAsync(RequestEnvelope request, CancellationToken ct)
    {
        var (values, _) = await _readValues.OfAsync(request, ct);
        return values.ToDictionary(v => v.Key, v => DiskLocation.PathOf(v.Value, _name), StringComparer.Ordinal);
    }

    /// <summary>The names that the values of a request to read may mean, in the order of trying.</summary>
    private IEnumerable<ObjectName> NamesOf(IReadOnlyDictionary<string, string> values)
    {
        var first = _read.TryResolve(values.GetValueOrDefault, out var name) ? name : null;
        if (first is not null) yield return first;
        if (_read.TryResolveStored(values.GetValueOrDefault, out var stored) && stored != first) yield return stored;
    }

    private async ValueTask<ResponseEnvelope> WriteAsync(RequestEnvelope request, CancellationToken ct)
    {
        var (values, content) = await _writeValues!.OfAsync(request, ct);
        if (!_write!.TryResolve(values.GetValueOrDefault, out var name))
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed,
                $"the values for 'write_pattern' of backend '{_name}' make no name: too many segments, or too long");
        }

        if (name.Extension == "dcm" && request.Body.IsReplaced && !DicomMediaType.IsObject(request.Headers["content-type"]))
        {
            throw new GatewayException(FaultSource.Gateway, FaultKind.Internal,
                $"a step replaced the DICOM object by other data, which backend '{_name}' does not store as .dcm; "
                    + "a step changes 'dataset' and leaves the rest");
        }

        await using var stream = content is null ? request.Body.OpenStream() : null;
        var written = await _store.WriteAsync(name, content ?? stream!, HowToWrite(request, name), ct);
        if (written.Outcome == WriteOutcome.Refused) return new ResponseEnvelope(request, 412);
        if (written.Outcome == WriteOutcome.WasThere) StorageLog.WasThere(_logger, _name);
        request.Metadata[StoredPath] = written.Name.Text;
        request.Metadata[StoredUri] = DiskLocation.Of(_name, written.Name);
        return Stored(request, written);
    }

    /// <summary>What the client says in conditions goes before <c>if_exists</c>: RFC 9110 §13.1.</summary>
    private ObjectWrite HowToWrite(RequestEnvelope request, ObjectName name)
    {
        var type = TypeOf(request.Headers["content-type"], name);
        if (request.Headers.Combined("if-match") is { } tags) return new ObjectWrite(IfExists.Overwrite) { ContentType = type, IfMatch = tags };
        return new ObjectWrite(request.Headers["if-none-match"] == "*" ? IfExists.Refuse : _ifExists) { ContentType = type };
    }

    /// <summary>The media type where it says more than the name.</summary>
    private static string? TypeOf(string? sent, ObjectName name)
    {
        var parts = (sent ?? "").Split(';', 2, StringSplitOptions.TrimEntries);
        if (parts[0].Length == 0 || SaysNothing.Contains(parts[0], StringComparer.OrdinalIgnoreCase)) return null;
        var isOfName = parts[0].Equals(ObjectContentType.Of(name), StringComparison.OrdinalIgnoreCase);
        return isOfName && (parts.Length == 1 || parts[1].Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase)) ? null : sent;
    }

    private ResponseEnvelope Stored(RequestEnvelope request, WrittenObject written)
    {
        var location = DiskLocation.Encoded(written.Name);
        var response = StorageReads.Json(request, 201, new JsonObject
        {
            ["location"] = location, ["path"] = written.Name.Text, ["status"] = "stored", ["uri"] = DiskLocation.Of(_name, written.Name),
        });
        response.Headers.Add("location", location);
        if (written.ETag.Length > 0) response.Headers.Add("etag", written.ETag);
        return response;
    }

    private static ResponseEnvelope NotFound(RequestEnvelope request)
    {
        var response = new ResponseEnvelope(request, 404) { Body = Body.FromBytes("File not found"u8.ToArray()) };
        response.Headers.Add("content-type", "text/plain; charset=utf-8");
        return response;
    }
}
