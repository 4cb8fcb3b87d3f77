using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harmony.Jmix;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>
/// The program is killed at any moment of building, taking in and indexing packages, in a folder and behind S3: what was acknowledged is there, what is there
/// is whole, an upload in parts goes on where it was, and the next start cleans up. <c>bench/jmix.sh --kills 100</c> does the same more often.
/// </summary>
public sealed class PackageCrashTests : IAsyncDisposable
{
    private const int Studies = 2000;

    private readonly TestFolder _folder = new();
    private readonly StrictS3 _bucket = StrictS3.Start();
    private readonly FakePacs _pacs = FakePacs.Start();
    private readonly ConcurrentDictionary<Guid, byte[]> _acknowledged = new();
    private readonly ConcurrentDictionary<Resumed, bool> _resumed = new();
    private readonly Dictionary<string, string> _known = new(StringComparer.Ordinal);

    private int _study;
    private long _ticks = TimeSpan.TicksPerSecond / 50;
    private TaskCompletionSource _begun = Guard.NewSignal();

    /// <summary>Where archives come to lie; null for the folder of the gateway.</summary>
    private StrictS3? Bucket { get; set; }

    private string Store => _folder.PathOf("storage/jmix-store");

    public async ValueTask DisposeAsync()
    {
        await _pacs.DisposeAsync();
        await _bucket.DisposeAsync();
        _folder.Dispose();
    }

    [PlatformTheory("linux", "macos")]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Category", "Slow")]
    public async Task Kill_AtAnyMoment_LosesNothingThatWasAcknowledged(bool isBucket)
    {
        var rounds = (int.TryParse(Environment.GetEnvironmentVariable("HARMONY_KILLS"), out var wanted) ? wanted : 20) / 2;
        var random = new Random(isBucket ? 2 : 1);
        if (isBucket) Bucket = _bucket;
        for (var i = 0; i < Studies; i++) _pacs.Add("P", $"1.3.{i}", $"1.3.{i}.1", $"1.3.{i}.1.1");
        for (var round = 0; round < rounds; round++)
        {
            await using var gateway = await StartAsync();
            await AssertWholeAsync(gateway, isLast: false);
            using var client = Client(gateway);
            using var stop = new CancellationTokenSource();
            _begun = Guard.NewSignal();
            Task[] work = [BuildAsync(client, stop.Token), UploadAsync(client, stop.Token), UploadInPartsAsync(client, stop.Token)];
            // Every second kill comes while the program does everything for the first time, the others when it is warm.
            if (round % 2 == 0) await _begun.Task.Guarded();
            await Task.Delay(TimeSpan.FromTicks((long)(random.NextDouble() * 3 * Volatile.Read(ref _ticks))));
            await gateway.DisposeAsync(); // kill -9
            await stop.CancelAsync();
            await Task.WhenAll(work).Guarded();
        }

        await using var last = await StartAsync();
        await AssertWholeAsync(last, isLast: true);
        Assert.NotEmpty(_acknowledged);
    }

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(port => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        {(Bucket is null ? "" : "[storage]\nbackend = \"s3\"")}
        [storage.options]
        path = "{_folder.PathOf("storage")}"
        {(Bucket is null ? "" : $"bucket = \"{StrictS3.Bucket}\"\nendpoint = \"{Bucket.Url}\"\naccess_key_id = \"key\"\nsecret_access_key = \"secret\"")}
        [network.main.tcp_config]
        bind_address = "127.0.0.1"
        bind_port = {port}
        [pipelines.jmix]
        networks = ["main"]
        endpoints = ["jmix"]
        middleware = ["builder"]
        backends = ["pacs"]
        [endpoints.jmix]
        service = "jmix"
        [middleware.builder]
        type = "jmix_builder"
        [backends.pacs]
        service = "dicom_scu"
        max_retries = 0
        [backends.pacs.options]
        host = "127.0.0.1"
        port = {_pacs.Port}
        aet = "{_pacs.Settings.AeTitle}"
        """);

    private static HttpClient Client(GatewayProcess gateway) => TestClient.Http1(new Uri($"http://{gateway.Address}/"));

    /// <summary>Studies of the PACS, one after another: an archive that came to its end is stored.</summary>
    private Task BuildAsync(HttpClient client, CancellationToken ct) => UntilTheEndAsync(async () =>
    {
        while (true)
        {
            using var response = await client.GetAsync($"api/jmix?studyInstanceUid=1.3.{Interlocked.Increment(ref _study)}", ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            _acknowledged[Guid.Parse(response.Headers.ETag!.Tag.Trim('"'))] = await response.Content.ReadAsByteArrayAsync(ct);
        }
    });

    /// <summary>Packages in one piece; behind S3 every sixth is too large for one request to the bucket.</summary>
    private Task UploadAsync(HttpClient client, CancellationToken ct) => UntilTheEndAsync(async () =>
    {
        for (var i = 0; ; i++)
        {
            var (bytes, id) = await PackageAsync(Bucket is not null && i % 6 == 5 ? 9_000_000 : 60_000 * (i % 4));
            using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
            var begun = Stopwatch.GetTimestamp();
            using var response = await client.PostAsync("api/jmix", content, ct);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            _acknowledged[id] = bytes;
            Volatile.Write(ref _ticks, Math.Min(Stopwatch.GetElapsedTime(begun).Ticks, TimeSpan.TicksPerSecond)); // kills come while one of these is under way
            _begun.TrySetResult();
        }
    });

    private Task UploadInPartsAsync(HttpClient client, CancellationToken ct) => UntilTheEndAsync(async () =>
    {
        while (true)
        {
            var (bytes, id) = await PackageAsync(90_000);
            using var create = Tus(HttpMethod.Post, "api/jmix/uploads", ("Upload-Length", $"{bytes.Length}"));
            using var created = await client.SendAsync(create, ct);
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            var upload = new Resumed(created.Headers.Location!.ToString(), id, bytes);
            _resumed[upload] = true;
            while (upload.Offset < bytes.Length) await ContinueAsync(client, upload, Math.Min(upload.Offset + 40_000, bytes.Length), ct);
        }
    });

    private async Task ContinueAsync(HttpClient client, Resumed upload, int end, CancellationToken ct)
    {
        using var part = Tus(HttpMethod.Patch, upload.Location, ("Upload-Offset", $"{upload.Offset}"));
        part.Content = new ByteArrayContent(upload.Bytes[upload.Offset..end]);
        part.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var response = await client.SendAsync(part, ct);
        Assert.Equal((HttpStatusCode.NoContent, $"{end}"), (response.StatusCode, response.Headers.GetValues("Upload-Offset").Single()));
        upload.Offset = end;
        if (end < upload.Bytes.Length) return;
        _acknowledged[upload.Id] = upload.Bytes;
        _resumed.TryRemove(upload, out _);
    }

    private static HttpRequestMessage Tus(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { { "Tus-Resumable", "1.0.0" } } };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return request;
    }

    private static async Task UntilTheEndAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            // The program was killed.
        }
    }

    private static async Task<(byte[] Bytes, Guid Id)> PackageAsync(int length)
    {
        using var stream = new MemoryStream();
        var options = new JmixBuildOptions(new JmixEntity("org:a"), [new JmixEntity("org:b")]);
        await using (PackageSink sink = new ZipSink(stream, level: null))
        await using (var builder = new JmixPackageBuilder(sink, options))
        {
            await builder.AddFileAsync("x.bin", new MemoryStream(new byte[length]), length, default);
            await builder.CompleteAsync(default);
        }

        return (stream.ToArray(), options.Id);
    }

    private async Task AssertWholeAsync(GatewayProcess gateway, bool isLast)
    {
        using var client = Client(gateway);
        if (Directory.Exists(Store)) Assert.Empty(Directory.EnumerateFiles(Path.Combine(Store, "incoming"))); // it is not at the first start
        await AssertResumedAsync(client);

        // What has not changed since it was looked at is still whole.
        var archives = Archives().ToList();
        foreach (var (name, bytes) in archives)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (_known.TryAdd(name, hash)) await AssertWholeAsync(client, name, bytes);
            else Assert.Equal(_known[name], hash);
        }

        var stored = archives.ToDictionary(a => Guid.ParseExact(Path.GetFileNameWithoutExtension(a.Name), "D"), a => a.Bytes);
        Assert.All(_acknowledged, a => Assert.Equal(a.Value, stored[a.Key]));
        if (!isLast) return;
        foreach (var (id, bytes) in _acknowledged) Assert.Equal(bytes, await client.GetByteArrayAsync($"api/jmix/{id}"));
    }

    /// <summary>Uploads that were cut off have what was acknowledged of them, and become packages; of others no bytes are left.</summary>
    private async Task AssertResumedAsync(HttpClient client)
    {
        foreach (var upload in _resumed.Keys)
        {
            using var ask = Tus(HttpMethod.Head, upload.Location);
            using var state = await client.SendAsync(ask);
            Assert.Equal(HttpStatusCode.OK, state.StatusCode);
            var offset = int.Parse(state.Headers.GetValues("Upload-Offset").Single());
            Assert.InRange(offset, upload.Offset, upload.Bytes.Length);
            upload.Offset = offset;
            if (offset < upload.Bytes.Length)
            {
                await ContinueAsync(client, upload, upload.Bytes.Length, default);
            }
            else
            {
                _acknowledged[upload.Id] = upload.Bytes; // only the response was lost
                _resumed.TryRemove(upload, out _);
            }
        }

        var uploads = Path.Combine(Store, "uploads");
        if (Directory.Exists(uploads)) await Guard.UntilAsync(() => !Directory.EnumerateFiles(uploads, "*.part").Any());
    }

    private async Task AssertWholeAsync(HttpClient client, string name, byte[] bytes)
    {
        Assert.EndsWith(".zip", name, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(_folder.PathOf("looked-at.zip"), bytes);
        using var reader = await JmixReader.OpenAsync(_folder.PathOf("looked-at.zip"), new JmixReadOptions(), default);
        Assert.True(reader.Report.IsValid, name);
        if (reader.Report.StudyInstanceUid is not { Length: > 0 } study) return;
        using var ask = new HttpRequestMessage(HttpMethod.Head, $"api/jmix?studyInstanceUid={study}");
        using var found = await client.SendAsync(ask);
        Assert.Equal((HttpStatusCode.OK, $"\"{reader.Report.Id}\""), (found.StatusCode, found.Headers.ETag?.Tag)); // the index knows it
    }

    private IEnumerable<(string Name, byte[] Bytes)> Archives()
    {
        if (Bucket is not null) return Bucket.Keys.Select(k => (k, Bucket.BytesOf(k)));
        var packages = Path.Combine(Store, "packages");
        return Directory.Exists(packages) ? Directory.EnumerateFiles(packages, "*", SearchOption.AllDirectories).Select(f => (f, File.ReadAllBytes(f))) : [];
    }

    /// <summary>An upload in parts.</summary>
    private sealed record Resumed(string Location, Guid Id, byte[] Bytes)
    {
        /// <summary>How many bytes were acknowledged.</summary>
        public int Offset { get; set; }

        public bool Equals(Resumed? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => Id.GetHashCode();
    }
}
