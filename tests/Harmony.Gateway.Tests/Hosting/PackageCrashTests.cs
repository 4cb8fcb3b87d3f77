using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Harmony.Jmix;
using Harmony.Jmix.Model;
using Harmony.Jmix.Packaging;
using Harmony.Jmix.Reading;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Harmony.Testing.Requirements;

namespace Harmony.Gateway.Tests.Hosting;

/// <summary>
/// The program is killed at any moment of building, taking in and indexing packages: what was acknowledged is there, what is there is whole, and the next
/// start cleans up. <c>bench/jmix.sh --kills 100</c> does the same more often.
/// </summary>
public sealed class PackageCrashTests : IDisposable
{
    private const int LongestMilliseconds = 400;

    private readonly TestFolder _folder = new();
    private readonly ConcurrentDictionary<Guid, byte[]> _acknowledged = new();

    private TaskCompletionSource _first = Guard.NewSignal();

    public void Dispose() => _folder.Dispose();

    [PlatformFact("linux", "macos")]
    [Trait("Category", "Slow")]
    public async Task Kill_AtAnyMoment_LosesNothingThatWasAcknowledged()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("HARMONY_KILLS"), out var wanted) ? wanted : 20;
        var random = new Random(1);
        await using var pacs = FakePacs.WithStudy();
        for (var i = 0; i < 40; i++) pacs.Add("P", $"1.3.{i}", $"1.3.{i}.1", $"1.3.{i}.1.1");
        for (var round = 0; round < rounds; round++)
        {
            await using var gateway = await StartAsync(pacs.Port);
            await AssertWholeAsync(gateway);
            using var client = Client(gateway);
            using var stop = new CancellationTokenSource();
            _first = Guard.NewSignal();
            var study = round * 2;
            Task[] work = [BuildAsync(client, study, stop.Token), BuildAsync(client, study + 1, stop.Token), UploadAsync(client, stop.Token),
                UploadAsync(client, stop.Token)];
            var working = Task.WhenAll(work);
            if (round % 2 == 0) await Task.WhenAny(working, _first.Task).Guarded(); // others from the first request on, before the program is warm
            await Task.WhenAny(working, Task.Delay(random.Next(LongestMilliseconds)));
            await gateway.DisposeAsync(); // kill -9
            await stop.CancelAsync();
            await Task.WhenAll(work).Guarded();
        }

        await using var last = await StartAsync(pacs.Port);
        await AssertWholeAsync(last);
        Assert.NotEmpty(_acknowledged);
    }

    private Task<GatewayProcess> StartAsync(int pacs) => GatewayProcess.StartAsync(port => $"""
        [proxy]
        name = "test"
        primary_provider = "local"
        [storage.options]
        path = "{_folder.PathOf("storage")}"
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
        port = {pacs}
        aet = "{new FakePacsSettings().AeTitle}"
        """);

    private static HttpClient Client(GatewayProcess gateway) => TestClient.Http1(new Uri($"http://{gateway.Address}/"));

    private static Task BuildAsync(HttpClient client, int study, CancellationToken ct) => UntilTheEndAsync(async () =>
    {
        var bytes = await client.GetByteArrayAsync($"api/jmix?studyInstanceUid=1.3.{study % 40}", ct);
        using var zip = new ZipArchive(new MemoryStream(bytes)); // what came to its end is whole
        Assert.NotNull(zip.GetEntry("manifest.json"));
    });

    private Task UploadAsync(HttpClient client, CancellationToken ct) => UntilTheEndAsync(async () =>
    {
        for (var i = 0; ; i++)
        {
            var (bytes, id) = await PackageAsync(200_000 * (i % 5));
            using var content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
            using var answer = await client.PostAsync("api/jmix", content, ct);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            _acknowledged[id] = bytes;
            _first.TrySetResult();
        }
    });

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

    private async Task AssertWholeAsync(GatewayProcess gateway)
    {
        using var client = Client(gateway);
        foreach (var (id, bytes) in _acknowledged) Assert.Equal(bytes, await client.GetByteArrayAsync($"api/jmix/{id}"));
        var store = _folder.PathOf("storage/jmix-store");
        if (!Directory.Exists(store)) return; // the first start
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(store, "incoming")));
        foreach (var archive in Directory.EnumerateFiles(Path.Combine(store, "packages"), "*", SearchOption.AllDirectories))
        {
            using var reader = await JmixReader.OpenAsync(archive, new JmixReadOptions(), default);
            Assert.True(reader.Report.IsValid, archive);
            if (reader.Report.StudyInstanceUid is not { Length: > 0 } study) continue;
            using var found = await client.GetAsync($"api/jmix?studyInstanceUid={study}", HttpCompletionOption.ResponseHeadersRead);
            Assert.NotNull(found.Headers.ETag); // the index knows it
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
    }
}
