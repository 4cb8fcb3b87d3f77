using System.Diagnostics;
using System.Net;
using System.Text;
using Harmony.Dicom.Data;
using Harmony.Dicom.Data.Uids;
using Harmony.Dicom.Network.Dimse;
using Harmony.Imaging.Tests.Services.DicomWeb;
using Harmony.Testing;
using Harmony.Testing.Dicom;
using Xunit.Abstractions;

namespace Harmony.Imaging.Tests.Middleware.DicomWebBridge;

/// <summary>What clients are told when the system fails, is slow, refuses, or sends what nobody understands; and that nothing is left behind.</summary>
public sealed class BridgeFailureTests(ITestOutputHelper output)
{
    private const string Series = "studies/1.2/series/1.2.1";

    /// <summary>What failed after the status was sent is broken off, so that nobody takes part of a study for the whole.</summary>
    [Fact]
    public async Task A_system_that_fails_in_the_middle_has_the_response_reset()
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { FailsObject = 1 });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync(Series);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(Guard.Token));
    }

    /// <summary>A system that takes two associations, whatever the gateway is told of it, is asked by two at a time; the others wait for their turn.</summary>
    [Theory]
    [InlineData("", 2)]
    [InlineData("max_associations = 2", 2)]
    [InlineData("", 1)]
    public async Task A_system_that_lets_few_in_serves_forty(string scu, int most)
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { MaxAssociations = most });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, "prefetch = \"none\"", scu);

        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => gateway.GetAsync((i % 5) switch
        {
            0 => "studies?PatientID=PAT1",
            1 => "instances?PatientID=PAT1",
            2 => "studies/1.2/series/1.2.1/metadata",
            3 => "studies/1.2",
            _ => $"studies/1.2/series/1.2.2/instances/1.2.2.{1 + (i / 5 % 2)}/frames/1",
        })));
        var bodies = await Task.WhenAll(responses.Select(r => r.Content.ReadAsByteArrayAsync(Guard.Token)));

        Assert.All(
            responses.Zip(bodies),
            r => Assert.True(r.First.StatusCode == HttpStatusCode.OK && r.Second.Length > 0, $"{r.First.StatusCode}: {Encoding.UTF8.GetString(r.Second)}"));
        Assert.InRange(pacs.Open.Most, 1, most);
    }

    /// <summary>Who would wait longer than an answer may take is asked to come again.</summary>
    [Fact]
    public async Task A_system_in_use_is_503_when_the_wait_is_over()
    {
        var clock = new TestTimeProvider();
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { MaxAssociations = 1, FindsForEver = true });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, "max_results = 1000000", "timeout_secs = 7\nmax_retries = 0", clock: clock);
        using var leaving = new CancellationTokenSource();
        var first = gateway.Client.GetAsync("studies?limit=1000000", leaving.Token);
        await Guard.UntilAsync(() => pacs.Identifiers.Count > 0);

        var waiting = gateway.GetAsync("studies/1.2/series");
        // The wait of the second. What the first waits for counts from a match of this moment, and a millisecond is added to it.
        await clock.AdvanceToTimerAsync(TimeSpan.FromSeconds(7));
        using var second = await waiting;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Theory]
    [InlineData(0xA700, 503)]
    [InlineData(0xA900, 400)]
    [InlineData(0x0124, 403)]
    [InlineData(0x0112, 404)]
    [InlineData(0xC000, 502)]
    [InlineData(0xA801, 502)]
    public async Task A_system_that_refuses_says_why(int status, int expected)
    {
        await using var refusesGet = FakePacs.WithStudy(new FakePacsSettings { GetFails = new DimseStatus((ushort)status) });
        await using var refusesFind = FakePacs.WithStudy(new FakePacsSettings { Answers = new DimseResult(new DimseStatus((ushort)status)) });
        await using var get = await WebGateway.BridgeAsync(refusesGet.Port, scu: $"max_retries = 0\nincoming_store_port = {FreePort.Take()}");
        await using var find = await WebGateway.BridgeAsync(refusesFind.Port, scu: "max_retries = 0");

        using var series = await get.GetAsync(Series);
        using var studies = await find.GetAsync("studies");

        Assert.Equal((expected, expected), ((int)series.StatusCode, (int)studies.StatusCode));
        Assert.Equal(expected == 503, series.Headers.RetryAfter is not null);
        await get.NothingIsLeftAsync();
    }

    /// <summary>Before anything has come a status tells; after that the connection is reset.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_system_that_stops_in_the_middle_is_given_up(int at)
    {
        var (clock, stopped) = (new TestTimeProvider(), Guard.NewSignal());
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { ObjectGate = StopAsync });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, scu: "max_retries = 0", clock: clock);

        var asking = gateway.GetAsync(Series);
        await stopped.Task.Guarded();
        if (at == 0) await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), asking);
        using var response = await asking;

        Assert.Equal(at == 0 ? HttpStatusCode.GatewayTimeout : HttpStatusCode.OK, response.StatusCode);
        if (at > 0)
            await Assert.ThrowsAnyAsync<Exception>(() => clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), response.Content.ReadAsByteArrayAsync(Guard.Token)));
        await gateway.NothingIsLeftAsync();

        Task StopAsync(int i)
        {
            if (i < at) return Task.CompletedTask;
            stopped.TrySetResult();
            return new TaskCompletionSource().Task;
        }
    }

    /// <summary>Killed after so many of its bytes, from the negotiation to the last object: a status, or a reset, and never a body that seems whole.</summary>
    [Theory]
    [InlineData("studies/1.2")]
    [InlineData("studies/1.2/metadata")]
    [InlineData("studies")]
    public async Task A_system_that_is_killed_leaves_nothing_behind(string path)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var relay = TcpRelay.To(pacs.Port);
        var longest = 0L;
        relay.OnAnswer = (before, bytes) =>
        {
            InterlockedMax(ref longest, before + bytes.Length);
            return true;
        };
        // By associations of the same lengths: those that serve one operation only.
        await using (var whole = await StartAsync())
        {
            using var response = await whole.GetAsync(path);
            Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync(Guard.Token));
        }

        await using var gateway = await StartAsync();
        for (var part = 0; part < 12; part++)
        {
            var most = longest * part / 12;
            relay.OnAnswer = (before, bytes) => before + bytes.Length <= most;

            using var response = await gateway.GetAsync(path);

            if (response.StatusCode == HttpStatusCode.OK) await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsByteArrayAsync(Guard.Token));
            else Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
            await gateway.NothingIsLeftAsync();
        }

        relay.OnAnswer = null;
        using var again = await gateway.GetAsync(path);
        Assert.NotEmpty(await again.Content.ReadAsByteArrayAsync(Guard.Token));

        Task<WebGateway> StartAsync() => WebGateway.BridgeAsync(
            relay.Port, "parallel_series = 1", "max_retries = 0\nassociation_idle_secs = 0\nhealth_check.enabled = false\npassive_health.max_failures = 0");
    }

    /// <summary>What is no DICOM is given up: bytes of another protocol, PDUs that lie about their length, a connection that is closed at once.</summary>
    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", 502)]
    [InlineData("\u0002\u0000\u00ff\u00ff\u00ff\u00ff", 502)]
    [InlineData("\u0002\u0000\u0000\u0000\u0000\u0004\u0000\u0001\u0000\u0000", 502)]
    [InlineData("\u0009\u0000\u0000\u0000\u0000\u0002\u0000\u0000", 502)]
    [InlineData("\u0004\u0000\u0000\u0000\u0000\u0002\u0000\u0000", 502)]
    [InlineData("", 502)]
    public async Task What_is_no_DICOM_is_given_up(string answer, int expected)
    {
        await using var server = RawOrigin.Start(async connection =>
        {
            await connection.ReadAsync(74); // what every A-ASSOCIATE-RQ has
            if (answer.Length == 0) return;
            await connection.WriteAsync(answer);
            await connection.Stream.CopyToAsync(Stream.Null, connection.Stop);
        });
        await using var gateway = await WebGateway.BridgeAsync(server.Url.Port, scu: "max_retries = 0\nartim_secs = 3");

        var responses = await Task.WhenAll(gateway.GetAsync("studies"), gateway.GetAsync(Series));

        Assert.All(responses, r => Assert.Equal(expected, (int)r.StatusCode));
        await gateway.NothingIsLeftAsync();
    }

    /// <summary>Bytes that are damaged on the way: an answer or none, but an end.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(80)]
    [InlineData(220)]
    [InlineData(300)]
    [InlineData(400)]
    [InlineData(600)]
    public async Task Damaged_answers_end(int at)
    {
        await using var pacs = FakePacs.WithStudy();
        await using var relay = TcpRelay.To(pacs.Port);
        relay.OnAnswer = (before, bytes) =>
        {
            for (var i = Math.Max(0, at - before); i < Math.Min(bytes.Length, at + 24 - before); i++) bytes.Span[(int)i] ^= 0xA5;
            return true;
        };
        var clock = new TestTimeProvider();
        // Any time-out may pass, the one for an association as well: a system that is silent would be left alone for a while.
        await using var gateway = await WebGateway.BridgeAsync(relay.Port, scu: "max_retries = 0\npassive_health.max_failures = 0", clock: clock);

        foreach (var path in (string[])["studies", "studies/1.2/series", $"{Series}/metadata", $"{Series}/instances/1.2.1.1/frames/1"])
        {
            try
            {
                await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), ReadAsync(path));
            }
            catch (HttpRequestException)
            {
                // Reset in the middle.
            }
        }

        relay.OnAnswer = null;
        using var again = await gateway.GetAsync("studies/1.2/series/1.2.2");
        Assert.Equal(2, (await WebGateway.PartsAsync(again)).Count);

        async Task ReadAsync(string path)
        {
            using var response = await gateway.GetAsync(path);
            await response.Content.ReadAsByteArrayAsync(Guard.Token);
        }
    }

    /// <summary>An object whose bytes are no data set is handed on as an object, and refused as anything that has to be read from it.</summary>
    [Theory]
    [InlineData("metadata")]
    [InlineData("bulkdata/7FE00010")]
    [InlineData("frames/1")]
    [InlineData("rendered")]
    public async Task Objects_that_cannot_be_read(string of)
    {
        await using var pacs = FakePacs.WithStudy(new FakePacsSettings { Sends = GarbageAsync });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port);

        using var response = await gateway.GetAsync($"{Series}/instances/1.2.1.1/{of}");

        Assert.InRange((int)response.StatusCode, 404, 502);
        Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);

        static async ValueTask<SopInstance> GarbageAsync(DicomDataSet item)
        {
            var file = await WebGateway.FileOf(
                new DicomDataSetBuilder().Set(DicomTag.SOPClassUID, Uid.CTImageStorage)
                    .Set(DicomTag.SOPInstanceUID, item.GetString(DicomTag.SOPInstanceUID)!).Build());
            return await SopInstance.ReadAsync(new MemoryStream([.. file, .. Encoding.ASCII.GetBytes("this is no data set but some text of somebody")]));
        }
    }

    /// <summary>What nobody waits for any more is cancelled, and its association is free for the next.</summary>
    [Theory]
    [InlineData("studies/1.2", 1)]
    [InlineData("studies/1.2/metadata", 1)]
    [InlineData(Series + "/instances/1.2.1.2/frames/1", 1)]
    [InlineData(Series + "/rendered", 1)]
    [InlineData("studies?limit=1000000", 0)]
    public async Task A_client_that_goes_has_its_operation_cancelled(string path, int gets)
    {
        await using var pacs = FakePacs.WithStudy(
            new FakePacsSettings { FindsForEver = gets == 0, ObjectGate = i => i == 0 ? Task.CompletedTask : new TaskCompletionSource().Task });
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, "max_results = 1000000\nparallel_series = 1");
        using var leaving = new CancellationTokenSource();
        var asking = gateway.Client.GetAsync(path, leaving.Token);
        await Guard.UntilAsync(() => pacs.Gets >= gets && pacs.Identifiers.Count > 0);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await Guard.UntilAsync(() => pacs.GetsCancelled + pacs.Cancelled > 0);
        await gateway.NothingIsLeftAsync();
    }

    /// <summary>
    /// That the client has gone is passed on by itself: the gateway's clock stands, so no timer of it can have fired when the C-CANCEL comes. An
    /// A-ABORT, or an association that is lost, is none.
    /// </summary>
    [Theory]
    [InlineData("studies", 0)]
    [InlineData(Series, 1)]
    public async Task A_client_that_goes_is_followed_by_C_CANCEL_at_once(string path, int gets)
    {
        var gate = Guard.NewSignal();
        var settings = new FakePacsSettings { Gate = gets == 0 ? gate.Task : null, ObjectGate = gets == 0 ? null : _ => gate.Task };
        await using var pacs = FakePacs.WithStudy(settings);
        await using var gateway = await WebGateway.BridgeAsync(pacs.Port, clock: new TestTimeProvider());
        using var leaving = new CancellationTokenSource();
        var asking = gateway.Client.GetAsync(path, leaving.Token);
        await Guard.UntilAsync(() => pacs.Gets == gets && pacs.Identifiers.Count > 0);

        var left = Stopwatch.GetTimestamp();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        var came = await pacs.CancelCame.Guarded();
        output.WriteLine($"C-CANCEL {Stopwatch.GetElapsedTime(left, came).TotalMilliseconds:0.0} ms after the client has closed");

        gate.SetResult();
        await gateway.NothingIsLeftAsync();
        using var again = await gateway.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        long before;
        while ((before = Volatile.Read(ref most)) < value) Interlocked.CompareExchange(ref most, value, before);
    }
}
