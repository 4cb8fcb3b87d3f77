using Harmony.Core.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Logging;

public sealed class TextLogFormatterTests
{
    private const string Time = "2026-11-21T09:30:00.123Z";

    [Theory]
    [InlineData(LogLevel.Trace, "TRACE")]
    [InlineData(LogLevel.Debug, "DEBUG")]
    [InlineData(LogLevel.Information, " INFO")]
    [InlineData(LogLevel.Warning, " WARN")]
    [InlineData(LogLevel.Error, "ERROR")]
    [InlineData(LogLevel.Critical, "FATAL")]
    public void Line_Level_StandsInItsColumn(LogLevel level, string expected)
    {
        using var log = new LogCapture();
        log.Logger().Log(level, "listening on port {Port}", 8080);
        Assert.Equal($"{Time} {expected} harmony.http listening on port 8080\n", log.Finish());
    }

    /// <summary>Lines of a dump are those of its JSON: whatever a value holds is escaped there, or here.</summary>
    [Fact]
    public void Line_Dump_GoesOnIndented()
    {
        using var log = new LogCapture();
        log.Logger("harmony.dump").LogInformation("left: {Dump}", "{\n  \"a\": \"\\n\"\r\n}");
        Assert.Equal($"{Time}  INFO harmony.dump left: {{\n      \"a\": \"\\n\"\\r\n    }}\n", log.Finish());
    }

    [Fact]
    public void Line_EventAndRequest_ShowsBoth()
    {
        using var log = new LogCapture();
        var logger = log.Logger();
        using (logger.BeginScope(new RequestScope("7f3a")))
            logger.LogInformation(new EventId(4101, "RequestDone"), "answered {Status} in {ElapsedMs} ms", 200, 12.5);

        logger.LogInformation("outside");
        Assert.Equal(
            $"{Time}  INFO harmony.http [4101] request_id=7f3a answered 200 in 12.5 ms\n{Time}  INFO harmony.http outside\n", log.Finish());
    }

    [Fact]
    public void Line_NestedScopes_InnerValueWinsAndKeepsItsPlace()
    {
        using var log = new LogCapture();
        var logger = log.Logger();
        using (logger.BeginScope(new RequestScope("outer")))
        using (logger.BeginScope(new List<KeyValuePair<string, object?>> { new("Pipeline", "to pacs"), new("RequestId", "inner") }))
        using (logger.BeginScope("step {Step}", 3))
        {
            logger.LogInformation("done");
        }

        Assert.Equal($"{Time}  INFO harmony.http request_id=inner pipeline=\"to pacs\" step=3 done\n", log.Finish());
    }

    [Fact]
    public void Line_HostileValues_CannotForgeLinesOrSteerTerminals()
    {
        using var log = new LogCapture();
        var logger = log.Logger();
        using (logger.BeginScope(new RequestScope("a\nb\" c")))
        {
            logger.LogInformation(
                "got {Value}", "x\r\n2026-11-21T09:30:00.123Z ERROR harmony forged\t\0\e[31m\u009B2J\u007F\u202Etxt\u2028\uD800 Müller 山田 🩻");
        }

        Assert.Equal(
            $"{Time}  INFO harmony.http request_id=\"a\\nb\\\" c\" got x\\r\\n2026-11-21T09:30:00.123Z ERROR harmony forged"
            + "\\t\\x00\\x1B[31m\\x9B2J\\x7F\\u202Etxt\\u2028\uFFFD Müller 山田 🩻\n",
            log.Finish());
    }

    [Fact]
    public void Line_FailingValue_SpoilsOnlyTheLine()
    {
        using var log = new LogCapture();
        log.Logger().LogInformation(new EventId(7), "got {Value}", new Unprintable());
        Assert.Equal($"{Time}  INFO harmony.http [7] a log line could not be formatted: NotSupportedException\n", log.Finish());
    }

    [Fact]
    public void Colours_Terminal_PaintTimeAndLevelOnly()
    {
        using var log = new LogCapture(colours: true);
        log.Logger().LogWarning("careful");
        Assert.Equal($"\e[2m{Time} \e[0m\e[33m WARN\e[0m harmony.http careful\n", log.Finish());
    }

    private sealed class Unprintable
    {
        public override string ToString() => throw new NotSupportedException();
    }
}
