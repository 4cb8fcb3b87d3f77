using System.Diagnostics;
using System.Diagnostics.Metrics;
using Harmony.Core.Diagnostics;
using Harmony.Core.Envelope;
using Harmony.Gateway.Metrics;
using Harmony.Testing;

namespace Harmony.Gateway.Tests.Metrics;

public sealed class MetricStoreTests
{
    [Fact]
    public async Task Text_OfEveryKind_IsWhatWasMeasured()
    {
        using var store = new MetricStore();
        var meter = HarmonyMetrics.Meter;
        meter.CreateCounter<long>("test.kinds.count", "{thing}", "Things.").Add(2, new KeyValuePair<string, object?>("name", "a \"quoted\\\nname"));
        meter.CreateUpDownCounter<long>("test.kinds.level").Add(-3);
        meter.CreateUpDownCounter<long>("test.kinds.thread.count").Add(5); // as the runtime calls its gauges, and promtool wants none called
        var histogram = meter.CreateHistogram<double>("test.kinds.time", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        foreach (var value in new[] { 0.5, 1, 1.5, 7 }) histogram.Record(value);
        var observed = new List<Measurement<long>>
        {
            new(1, new KeyValuePair<string, object?>("name", "x")), new(2, new KeyValuePair<string, object?>("name", "y"))
        };
        meter.CreateObservableGauge("test.kinds.observed", () => observed.ToArray());

        var first = await store.TextAsync();
        observed.RemoveAt(0);
        var second = await store.TextAsync();

        Assert.Empty(PrometheusCheck.Problems(first));
        const string expected = """
            # HELP test_kinds_count_total Things.
            # TYPE test_kinds_count_total counter
            test_kinds_count_total{name="a \"quoted\\\nname"} 2
            # TYPE test_kinds_level gauge
            test_kinds_level -3
            # TYPE test_kinds_observed gauge
            test_kinds_observed{name="x"} 1
            test_kinds_observed{name="y"} 2
            # TYPE test_kinds_threads gauge
            test_kinds_threads 5
            # TYPE test_kinds_time_seconds histogram
            test_kinds_time_seconds_bucket{le="1"} 2
            test_kinds_time_seconds_bucket{le="2"} 3
            test_kinds_time_seconds_bucket{le="+Inf"} 4
            test_kinds_time_seconds_sum 10
            test_kinds_time_seconds_count 4

            """;
        Assert.Equal(expected, string.Concat(first.Split('\n').Where(l => l.Contains("test_kinds_", StringComparison.Ordinal)).Select(l => l + "\n")));
        Assert.DoesNotContain("test_kinds_observed{name=\"x\"}", second, StringComparison.Ordinal);
        Assert.Contains("test_kinds_observed{name=\"y\"} 2", second, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenMetrics_OfEveryKind_HasUnitsExemplarsAndAnEnd()
    {
        using var store = new MetricStore();
        var meter = HarmonyMetrics.Meter;
        meter.CreateCounter<long>("test.open.size", "By", "Bytes \"read\".").Add(7);
        meter.CreateUpDownCounter<long>("test.open.level").Add(-3);
        var histogram =
            meter.CreateHistogram<double>("test.open.time", "s", "Time.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        histogram.Record(0.25); // outside every span
        using var span = new Activity("request") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.SetIdFormat(ActivityIdFormat.W3C);
        span.SetStartTime(new DateTime(2026, 11, 21, 10, 30, 0, DateTimeKind.Utc)).Start();
        histogram.Record(1.5);
        span.Stop();

        var text = store.Text(MetricFormat.OpenMetrics);

        var expected = $$"""
            # TYPE test_open_level gauge
            test_open_level -3
            # TYPE test_open_size_bytes counter
            # UNIT test_open_size_bytes bytes
            # HELP test_open_size_bytes Bytes \"read\".
            test_open_size_bytes_total 7
            # TYPE test_open_time_seconds histogram
            # UNIT test_open_time_seconds seconds
            # HELP test_open_time_seconds Time.
            test_open_time_seconds_bucket{le="0.5"} 1
            test_open_time_seconds_bucket{le="2.0"} 2 # {trace_id="{{span.TraceId}}",span_id="{{span.SpanId}}"} 1.5 1795257001.500
            test_open_time_seconds_bucket{le="+Inf"} 2
            test_open_time_seconds_sum 1.75
            test_open_time_seconds_count 2

            """;
        Assert.Equal(expected, string.Concat(text.Split('\n').Where(l => l.Contains("test_open_", StringComparison.Ordinal)).Select(l => l + "\n")));
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("trace_id", store.Text(MetricFormat.Prometheus), StringComparison.Ordinal);
    }

    /// <summary>A gateway with many routes is scraped four times a minute: the text itself is all that a scrape allocates.</summary>
    [Theory]
    [InlineData("Prometheus")]
    [InlineData("OpenMetrics")]
    public void Text_OfManySeries_AllocatesLittleMoreThanItsLength(string name)
    {
        var format = Enum.Parse<MetricFormat>(name);
        using var store = new MetricStore();
        for (var i = 0; i < 300; i++)
            new RouteMetrics($"scraped-{name}", $"pipeline-{i}", "endpoint", ["backend"]).Ended(0, 200, TimeSpan.FromMilliseconds(i), 10, 20);
        var text = new PrometheusText(store);
        for (var i = 0; i < 3; i++) text.Write(format);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var written = text.Write(format);

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(written.Length, 500_000, 5_000_000);
        Assert.InRange(allocated, written.Length, (long)(written.Length * 1.25) + 32_768);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    [InlineData("application/openmetrics-text;version=\"1.0.0\"", true)]
    [InlineData("application/openmetrics-text;version=0.0.1", false)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0", false)]
    [InlineData("application/openmetrics-text;q=0.4,text/plain;q=0.5", false)]
    // Prometheus 2
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    // Prometheus 3
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.2", true)]
    [InlineData("/ ;;", false)]
    public void Format_ByAccept_IsWhatTheClientPrefers(string? accept, bool isOpen)
    {
        var headers = new HeaderFields();
        if (accept is not null) headers.Add("Accept", accept);
        Assert.Equal(isOpen ? MetricFormat.OpenMetrics : MetricFormat.Prometheus, AcceptedMetrics.FormatOf(headers));
    }

    [Fact]
    public async Task Text_TellsOfProcessAndRuntime()
    {
        using var store = new MetricStore();
        var text = await store.TextAsync();
        Assert.Empty(PrometheusCheck.Problems(text));
        Assert.Contains("harmony_build_info{version=\"", text, StringComparison.Ordinal);
        Assert.Contains("harmony_process_start_time_seconds ", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes ", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_cpu_time_seconds_total{", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_ManyThreadsAtOnce_LosesNothing()
    {
        using var store = new MetricStore();
        var counter = HarmonyMetrics.Meter.CreateCounter<long>("test.threads.count");
        Parallel.For(0, 4, thread =>
        {
            for (var i = 0; i < 5000; i++) counter.Add(1, new KeyValuePair<string, object?>("name", $"n{i % 50}"));
        });

        var total = 0.0;
        store.Collect(0, (_, family, series) =>
        {
            if (family.Name == "test_threads_count_total") total = series.ToArray().Cast<NumberSeries>().Sum(s => s.Value);
        });
        Assert.Equal(20_000, total);
    }

    [Fact]
    public void Recording_TagsThatNeverEnd_StaysBounded()
    {
        using var store = new MetricStore();
        var counter = HarmonyMetrics.Meter.CreateCounter<long>("test.overflow.count");
        for (var i = 0; i < SeriesTable.MaxSeries + 10; i++) counter.Add(1, new KeyValuePair<string, object?>("name", $"n{i}"));

        store.Collect(0, (_, family, series) =>
        {
            if (family.Name != "test_overflow_count_total") return;
            Assert.Equal(SeriesTable.MaxSeries + 1, series.Length);
            Assert.Equal(10, ((NumberSeries)series.ToArray().Single(s => s.Labels == "overflow=\"true\"")).Value);
        });
    }

    [Fact]
    public void Recording_SeriesThatIsThere_AllocatesNothing()
    {
        using var store = new MetricStore();
        var route = new RouteMetrics("allocation-test", "p", "e", ["b"]);
        for (var i = 0; i < 100; i++) Count(route);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Count(route);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Count(RouteMetrics route)
        {
            if (route.Enter()) route.Leave();
            route.Ended(0, 200, TimeSpan.FromMilliseconds(3), 10, 20);
        }
    }
}
