using System.Text.Json.Nodes;
using Harmony.Core.Content;
using Harmony.Core.Envelope;
using Harmony.Core.Faults;
using Harmony.Core.Modules;
using Harmony.Core.Runtime;
using Harmony.Core.Storage;
using Harmony.Data.Services.Storage.S3;
using Harmony.Imaging.Dicom;
using Microsoft.Extensions.Logging;

namespace Harmony.Data.Services.Storage;

/// <summary>
/// Writes bodies to a store and reads them from it. GET and HEAD read; POST, PUT, PATCH and C-STORE write. A write is answered when the
/// object is safe.
/// </summary>
internal sealed class StorageBackend : IBackend, IAsyncDisposable
{
    /// <summary>The key of the metadata that hold where an object was stored, below the root.</summary>
    private const string StoredPath = "storedPath";

    private static readonly string[] KeysOfS3 = ["region", "access_key_id", "secret_access_key", "endpoint"];

    private readonly IObjectStore _store;
    private readonly NamePattern? _write;
    private readonly PlaceholderValues? _writeValues;
    private readonly NamePattern _read;
    private readonly PlaceholderValues _readValues;
    private readonly IfExists _ifExists;
    private readonly string _name;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private BackgroundLoop? _sweeping;

    private StorageBackend(IObjectStore store, NamePattern? write, NamePattern read, IfExists ifExists, BackendContext context)
    {
        var (contents, clock) = (new ContentReader(context.Environment.Limits), context.Environment.Clock);
        (_store, _write, _read, _ifExists, _name) = (store, write, read, ifExists, context.Name);
        _writeValues = write is null ? null : new PlaceholderValues(write, contents, clock);
        _readValues = new PlaceholderValues(read, contents, clock);
        _clock = clock;
        _logger = context.Environment.Loggers.CreateLogger("harmony.storage");
    }

    private async ValueTask SweepAsync(S3ObjectStore store, CancellationToken ct)
    {
        if (await store.CleanUpAsync(_clock.GetUtcNow(), ct) is > 0 and var count) StorageLog.CleanedUp(_logger, _name, count);
    }

    public IReadOnlyList<string> Targets => [_store.Description];

    public static IBackend? Create(StorageBackendOptions options, BackendContext context)
    {
        var write = options.WritePattern is null ? null : Compile(options.WritePattern, "write_pattern", options, context);
        var read = Compile(options.ReadPattern, "read_pattern", options, context);
        if (read is null || (write is null && options.WritePattern is not null)) return null;
        if (options.Root?.StartsWith("s3://", StringComparison.OrdinalIgnoreCase) == true)
        {
            if (!S3Location.TryParse(options.Root, out var location, out var error))
            {
                context.Problems.Error(options.LocationOf("root"), $"'root' of backend '{context.Name}': {error}");
                return null;
            }

            return S3Clients.Create(options, context) is { } client
                ? new StorageBackend(new S3ObjectStore(client, location), write, read, Enum.Parse<IfExists>(options.IfExists, ignoreCase: true), context)
                : null;
        }

        WarnOfS3Keys(options, context);
        var store = new FileSystemStore(Path.GetFullPath(options.Root ?? Path.Combine(StateFolder.Of(context.Config.Storage.Options), "disk")), isDurable: options.Durability == "fsync");
        return new StorageBackend(store, write, read, Enum.Parse<IfExists>(options.IfExists, ignoreCase: true), context);
    }

    /// <summary>Leftovers of a process that was stopped in the middle of a write go before the first request comes.</summary>
    public void Activate()
    {
        if (_store is S3ObjectStore s3) _sweeping = BackgroundLoop.Start($"sweeping the uploads of '{_name}'", TimeSpan.FromHours(12), ct => SweepAsync(s3, ct), _clock, _logger);
        try
        {
            if (_store.CleanUp() is > 0 and var count) StorageLog.CleanedUp(_logger, _name, count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            StorageLog.NotCleanedUp(_logger, _name, e.GetType().Name);
        }
    }

    public void Deactivate() => _sweeping?.Stop();

    public async ValueTask DisposeAsync()
    {
        if (_sweeping is not null) await _sweeping.DisposeAsync();
        _store.Dispose();
    }

    public ValueTask<ResponseEnvelope> SendAsync(RequestEnvelope request, CancellationToken ct) => (request.Target?.Method ?? request.Method) switch
    {
        "GET" => ReadAsync(request, withBody: true, ct),
        "HEAD" => ReadAsync(request, withBody: false, ct),
        "POST" or "PUT" or "PATCH" or "C-STORE" when _write is not null => WriteAsync(request, ct),
        _ => new ValueTask<ResponseEnvelope>(NotAllowed(request)),
    };

    private static NamePattern? Compile(string text, string key, StorageBackendOptions options, BackendContext context)
    {
        if (NamePattern.TryParse(text, out var pattern, out var error)) return pattern;
        context.Problems.Error(options.LocationOf(key), $"'{key}' of backend '{context.Name}' is not a pattern: {error}");
        return null;
    }

    private static void WarnOfS3Keys(StorageBackendOptions options, BackendContext context)
    {
        foreach (var key in KeysOfS3.Where(options.Gives))
        {
            context.Problems.Warning(options.LocationOf(key), $"'{key}' of backend '{context.Name}' has no effect: its root is a folder");
        }
    }

    private ResponseEnvelope NotAllowed(RequestEnvelope request)
    {
        var response = new ResponseEnvelope(request, 405);
        response.Headers.Add("allow", _write is null ? "GET, HEAD" : "GET, HEAD, POST, PUT, PATCH");
        return response;
    }

    private async ValueTask<ResponseEnvelope> ReadAsync(RequestEnvelope request, bool withBody, CancellationToken ct)
    {
        var (values, _) = await _readValues.OfAsync(request, ct);
        var found = _read.TryResolve(values.GetValueOrDefault, out var name) ? await _store.OpenAsync(name, ct) : null;
        if (found is null) return Text(request, 404, "File not found");
        var response = new ResponseEnvelope(request, 200) { Body = withBody ? Body.FromStream(found.Content, found.Length) : Body.Empty(), Source = found.Content };
        response.Headers.Add("content-type", StoredContentType.Of(name!.Extension));
        response.Headers.Add("content-length", found.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }

    private async ValueTask<ResponseEnvelope> WriteAsync(RequestEnvelope request, CancellationToken ct)
    {
        var (values, content) = await _writeValues!.OfAsync(request, ct);
        if (!_write!.TryResolve(values.GetValueOrDefault, out var name))
        {
            throw new GatewayException(FaultSource.Client, FaultKind.Malformed, $"the values for 'write_pattern' of backend '{_name}' make no name: too many segments, or too long");
        }

        if (name.Extension == "dcm" && request.Body.IsReplaced && !DicomMediaType.IsObject(request.Headers["content-type"]))
        {
            throw new GatewayException(FaultSource.Gateway, FaultKind.Internal,
                $"a step replaced the DICOM object by other data, which backend '{_name}' does not store as .dcm; a step changes 'dataset' and leaves the rest");
        }

        await using var stream = content is null ? request.Body.OpenStream() : null;
        var written = await _store.WriteAsync(name, content ?? stream!, _ifExists, ct);
        if (written.WasThere) StorageLog.WasThere(_logger, _name);
        request.Metadata[StoredPath] = written.Name.Text;
        return Answer(request, written);
    }

    private static ResponseEnvelope Answer(RequestEnvelope request, WrittenObject written)
    {
        var location = string.Join('/', written.Name.Segments.Select(Uri.EscapeDataString));
        var response = new ResponseEnvelope(request, 201) { Body = Body.Empty() };
        response.Body.Replace(new JsonObject { ["location"] = location, ["path"] = written.Name.Text, ["status"] = "stored" });
        response.Headers.Add("content-type", "application/json");
        response.Headers.Add("location", location);
        return response;
    }

    private static ResponseEnvelope Text(RequestEnvelope request, int status, string text)
    {
        var response = new ResponseEnvelope(request, status) { Body = Body.FromBytes(System.Text.Encoding.UTF8.GetBytes(text)) };
        response.Headers.Add("content-type", "text/plain; charset=utf-8");
        return response;
    }
}
