using Harmony.Core.Diagnostics;
using System.Text;
using Harmony.Gateway.Logging;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Logging;

public sealed class LogWriterTests
{
    [Theory]
    [InlineData(LogFormat.Text, "2026-11-21T09:30:00.123Z  WARN harmony.log 20 log lines dropped")]
    [InlineData(
        LogFormat.Json,
        """{"timestamp":"2026-11-21T09:30:00.123Z","level":"warn","target":"harmony.log","message":"20 log lines dropped","dropped":20}""")]
    public void Post_OutputStandsStill_DropsWhatDoesNotFitAndReportsIt(LogFormat format, string report)
    {
        using var output = new GatedStream();
        using var log = new LogCapture(new LogSettings(format) { QueueCapacity = 10 }, output: output);
        var logger = log.Logger();
        logger.LogInformation("first");
        output.WaitForWriter(); // the first line is out of the queue and stuck

        for (var i = 0; i < 30; i++)
            logger.LogInformation("line {I}", i);

        output.Open();
        log.Finish();
        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(12, lines.Length);
        Assert.Contains("line 9", lines[10], StringComparison.Ordinal);
        Assert.Equal(report, lines[11]);
    }

    [Fact]
    public void Post_QueueHoldsTooManyBytes_Drops()
    {
        using var output = new GatedStream();
        using var log = new LogCapture(output: output);
        log.Logger().LogInformation("first");
        output.WaitForWriter();

        var payload = new string('x', 10_000_000);
        for (var i = 0; i < 5; i++)
            log.Logger().LogInformation("{Payload}", payload);

        output.Open();
        log.Finish();
        Assert.EndsWith("2 log lines dropped\n", Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_TenThousandLinesQueued_AllAreWritten()
    {
        using var log = new LogCapture();
        var logger = log.Logger();
        for (var i = 0; i < 10_000; i++)
            logger.LogInformation("line {I}", i);

        var lines = log.Finish().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            Enumerable.Range(0, 10_000).Select(i => $"2026-11-21T09:30:00.123Z  INFO harmony.http line {i}"), lines);
    }

    [Fact]
    public void Post_FromManyThreads_LinesStayWhole()
    {
        using var log = LogCapture.Json();
        var logger = log.Logger();
        Parallel.For(0, 5_000, i =>
        {
            using (logger.BeginScope(new RequestScope($"r{i}")))
                logger.LogInformation("line {I}", i);
        });

        var lines = log.Finish().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var expected = Enumerable.Range(0, 5_000).Select(i =>
            $$"""{"timestamp":"2026-11-21T09:30:00.123Z","level":"info","target":"harmony.http","message":"line {{i}}","i":{{i}},"request_id":"r{{i}}"}""");
        Assert.Equal(expected.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Dispose_OutputStuckForGood_GivesUpAndSaysSo()
    {
        using var output = new GatedStream();
        using var log = new LogCapture(new LogSettings { ShutdownLimit = TimeSpan.FromSeconds(1) }, output: output);
        log.Logger().LogInformation("first");
        output.WaitForWriter();
        log.Logger().LogInformation("second");

        log.Finish();
        Assert.Equal("log output is stuck; about 1 lines were not written", Assert.Single(log.Complaints));
        output.Open();
    }

    [Fact]
    public void Post_AfterDispose_IsIgnored()
    {
        using var log = new LogCapture();
        var logger = log.Logger();
        Assert.Equal("", log.Finish());
        logger.LogInformation("late");
        Assert.Equal("", log.Finish());
    }
}
