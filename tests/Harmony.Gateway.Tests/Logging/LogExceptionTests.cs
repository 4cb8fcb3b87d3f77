using System.Text.Json;
using Harmony.Gateway.Logging;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Logging;

public sealed class LogExceptionTests
{
    private const string Head = "2026-11-21T09:30:00.123Z";

    [Theory]
    [InlineData("info", LogLevel.Warning, false, false)] // recovered: the messages suffice
    [InlineData("info", LogLevel.Error, true, false)] // a peer's fault
    [InlineData("info", LogLevel.Error, false, true)] // ours: nobody foresaw it
    [InlineData("info", LogLevel.Critical, false, true)]
    [InlineData("debug", LogLevel.Warning, true, true)] // somebody is looking for a cause
    [InlineData("trace", LogLevel.Error, true, true)]
    public void Stack_LevelAndKindOfFault_ShownWhenItHelps(string configured, LogLevel level, bool ordinary, bool expected)
    {
        foreach (var format in Enum.GetValues<LogFormat>())
        {
            using var log = new LogCapture(new LogSettings(format), configured);
            log.Logger().Log(level, Thrown(ordinary ? new IOException("reset") : new InvalidOperationException("reset")), "failed");
            Assert.Equal(expected, log.Finish().Contains(nameof(Thrown), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Stack_FaultTheSettingsCallOrdinary_IsLeftOut()
    {
        using var log = new LogCapture(new LogSettings { IsOrdinaryFault = fault => fault is FormatException }, "error");
        log.Logger().LogError(Thrown(new FormatException("bad")), "failed");
        Assert.Equal($"{Head} ERROR harmony.http failed\n    System.FormatException: bad\n", log.Finish());
    }

    [Fact]
    public void Text_CausesWithHostileMessages_FollowIndentedAndEscaped()
    {
        using var log = new LogCapture(level: "warn");
        log.Logger().LogWarning(new IOException("outer", new FormatException($"inner\n{Head} ERROR forged")), "retrying");
        Assert.Equal(
            $"{Head}  WARN harmony.http retrying\n"
            + "    System.IO.IOException: outer\n"
            + $"    caused by System.FormatException: inner\\n{Head} ERROR forged\n",
            log.Finish());
    }

    [Fact]
    public void Text_Stack_EveryFrameIsIndented()
    {
        using var log = new LogCapture(level: "debug");
        log.Logger().LogDebug(Thrown(new FormatException("bad")), "failed");
        var lines = log.Finish().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("    System.FormatException: bad", lines[1]);
        Assert.True(lines.Length > 2);
        Assert.All(lines[2..], line => Assert.StartsWith("        at ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Json_Causes_AreNested()
    {
        using var log = LogCapture.Json();
        log.Logger().LogWarning(new IOException("outer", new FormatException("inner\nline")), "retrying");
        Assert.Equal(
            "{\"timestamp\":\"" + Head + "\",\"level\":\"warn\",\"target\":\"harmony.http\",\"message\":\"retrying\",\"exception\":"
            + "{\"type\":\"System.IO.IOException\",\"message\":\"outer\","
            + "\"cause\":{\"type\":\"System.FormatException\",\"message\":\"inner\\nline\"}}}\n",
            log.Finish());
    }

    [Fact]
    public void Json_UnexpectedError_HasItsStack()
    {
        using var log = LogCapture.Json();
        log.Logger().LogError(Thrown(new FormatException("bad")), "failed");
        using var json = JsonDocument.Parse(log.Finish());
        Assert.Contains(nameof(Thrown), json.RootElement.GetProperty("exception").GetProperty("stack").GetString(), StringComparison.Ordinal);
    }

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }
}
