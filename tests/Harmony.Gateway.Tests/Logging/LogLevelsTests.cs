using Harmony.Gateway.Logging;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Logging;

public sealed class LogLevelsTests
{
    [Theory]
    // config, HARMONY_LOG, RUST_LOG, category, expected
    [InlineData(null, null, null, "harmony.http", LogLevel.Error)]
    [InlineData("warn", null, null, "harmony.http", LogLevel.Warning)]
    [InlineData("Info", null, null, "harmony", LogLevel.Information)]
    [InlineData("error", "debug", null, "harmony.http", LogLevel.Debug)]
    [InlineData("error", null, "trace", "harmony.http", LogLevel.Trace)]
    [InlineData("error", "debug", "trace", "harmony.http", LogLevel.Debug)]
    [InlineData("error", "  ", "trace", "harmony.http", LogLevel.Trace)]
    [InlineData("warn", "harmony.dump=info", null, "harmony.dump", LogLevel.Information)]
    [InlineData("warn", "harmony.dump=info", null, "harmony.http", LogLevel.Warning)]
    [InlineData("error", null, "harmony.dump=info", "harmony.dump", LogLevel.Information)]
    // Names targets only: these alone, whatever the file says of the rest.
    [InlineData("info", null, "harmony.dump=info", "harmony.http", LogLevel.Error)]
    [InlineData("info", null, "harmony.dump=info", "harmony", LogLevel.Error)]
    [InlineData("info", null, "harmony.dump=info", "harmony.dump", LogLevel.Information)]
    [InlineData("info", null, "warn,harmony.dump=info", "harmony.http", LogLevel.Warning)]
    [InlineData("info", "harmony.dump=info", null, "harmony.http", LogLevel.Information)]
    // Dumps may hold patient data: by name, or with everything.
    [InlineData("info", null, null, "harmony.dump", LogLevel.Warning)]
    [InlineData("error", "harmony=info", null, "harmony.dump", LogLevel.Warning)]
    [InlineData("info", "harmony.dump=info", null, "harmony.dump", LogLevel.Information)]
    [InlineData("debug", null, null, "harmony.dump", LogLevel.Debug)]
    [InlineData("error", "warn,harmony.http=debug,harmony.dump=off", null, "harmony.http", LogLevel.Debug)]
    [InlineData("error", "warn,harmony.http=debug,harmony.dump=off", null, "harmony.dump", LogLevel.None)]
    [InlineData("error", "warn,harmony.http=debug,harmony.dump=off", null, "harmony.config", LogLevel.Warning)]
    [InlineData("error", " WARN , harmony.http = Debug ,", null, "harmony.http", LogLevel.Debug)]
    [InlineData("error", "harmony::http=info", null, "harmony.http", LogLevel.Information)]
    [InlineData("error", "harmony=info", null, "harmony", LogLevel.Information)]
    [InlineData("error", "harmony=info", null, "harmony.http", LogLevel.Information)]
    [InlineData("error", "harmony=info", null, "harmonyless", LogLevel.Error)]
    [InlineData("error", "harmony.http=info", null, "harmony.https", LogLevel.Error)]
    [InlineData("error", "harmony.http=info", null, "harmony.http.client", LogLevel.Information)]
    [InlineData("error", "harmony.http=info,harmony=debug", null, "harmony.http", LogLevel.Information)]
    [InlineData("error", "harmony", null, "harmony.http", LogLevel.Trace)]
    [InlineData("error", "harmony.http", null, "harmony.http", LogLevel.Trace)]
    [InlineData("error", "HARMONY.HTTP=info", null, "harmony.http", LogLevel.Information)]
    [InlineData("error", "debug,info", null, "harmony.http", LogLevel.Information)]
    [InlineData("debug", null, null, "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning)]
    [InlineData("error", "trace", null, "System.Net.Http", LogLevel.Warning)]
    [InlineData("error", null, null, "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error)]
    [InlineData("error", "off", null, "Microsoft.AspNetCore.Server.Kestrel", LogLevel.None)]
    [InlineData("error", "Microsoft.AspNetCore=debug", null, "Microsoft.AspNetCore.Server.Kestrel", LogLevel.Debug)]
    [InlineData("error", "debug,Microsoft=info", null, "Microsoft.Hosting", LogLevel.Information)]
    [InlineData("debug", null, null, "SystemX", LogLevel.Debug)]
    [InlineData("warn", "harmony.http=chatty,harmony.dump=info", null, "harmony.dump", LogLevel.Information)]
    public void LevelFor_Sources_LongestTargetOfTheStrongestSourceWins(
        string? config, string? harmonyLog, string? rustLog, string category, LogLevel expected)
    {
        var levels = LogLevels.Create(config, Environment(harmonyLog, rustLog), out _);
        Assert.Equal(expected, levels.LevelFor(category));
    }

    [Theory]
    [InlineData("harmony.http=chatty", "HARMONY_LOG: 'harmony.http=chatty' has no level 'chatty'; use off, error, warn, info, debug or trace")]
    [InlineData("harmony.http=", "HARMONY_LOG: 'harmony.http=' has no level ''; use off, error, warn, info, debug or trace")]
    [InlineData("=debug", "HARMONY_LOG: '=debug' names no target; write harmony.http=debug, or a level alone")]
    [InlineData("harmony[span]=debug", "HARMONY_LOG: 'harmony[span]=debug' does not begin with a target; write names such as harmony.http")]
    [InlineData("a b", "HARMONY_LOG: 'a b' is not a target; write names such as harmony.http")]
    [InlineData(
        "inof",
        "HARMONY_LOG: 'inof' is neither a level nor a target of Harmony; levels are off, error, warn, info, debug or trace, other targets are written "
            + "'inof=debug'")]
    public void Create_BadEntry_IsReported(string text, string expected)
    {
        LogLevels.Create("warn", Environment(text, null), out var problems);
        Assert.Equal([expected], problems);
    }

    [Fact]
    public void Create_SeveralBadEntries_AllAreReportedUnderTheirSource()
    {
        LogLevels.Create("loud", Environment(null, "a=1,harmony=info,b=2"), out var problems);
        Assert.Equal(
            [
                "log_level: there is no level 'loud'; use off, error, warn, info, debug or trace",
                "RUST_LOG: 'a=1' has no level '1'; use off, error, warn, info, debug or trace",
                "RUST_LOG: 'b=2' has no level '2'; use off, error, warn, info, debug or trace",
            ],
            problems);
    }

    [Fact]
    public void Configure_Again_ChangesTheLevelBelowTheEnvironment()
    {
        var levels = LogLevels.Create("error", Environment("harmony.http=info", null), out _);
        Assert.Empty(levels.Configure("debug"));
        Assert.Equal("debug,harmony.http=info", levels.ToString());
    }

    [Fact]
    public void TryOverride_GoodAndEmpty_SetsAndTakesBack()
    {
        var levels = LogLevels.Create("error", Environment("harmony.http=info", null), out _);

        Assert.True(levels.TryOverride("warn,harmony.http=trace", out _));
        Assert.Equal("warn,harmony.http=trace", levels.ToString());

        Assert.True(levels.TryOverride("", out _));
        Assert.Equal("error,harmony.http=info", levels.ToString());
    }

    [Fact]
    public void TryOverride_OneBadEntry_ChangesNothing()
    {
        var levels = LogLevels.Create("error", Environment(null, null), out _);
        Assert.False(levels.TryOverride("debug,harmony=loud", out var problems));
        Assert.Equal(["levels: 'harmony=loud' has no level 'loud'; use off, error, warn, info, debug or trace"], problems);
        Assert.Equal("error", levels.ToString());
    }

    private static Func<string, string?> Environment(string? harmonyLog, string? rustLog)
        => name => name switch { "HARMONY_LOG" => harmonyLog, "RUST_LOG" => rustLog, _ => null };
}
