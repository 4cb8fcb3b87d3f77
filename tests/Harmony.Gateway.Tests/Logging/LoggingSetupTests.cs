using Harmony.Gateway.Logging;
using Harmony.Testing;
using Harmony.Testing.Requirements;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Logging;

public sealed class LoggingSetupTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string FilePath => _folder.PathOf("logs/today/harmony.log");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Json)]
    public void File_Configured_HoldsTheSameLinesAsTheOutput(LogFormat format)
    {
        using var log = new LogCapture(new LogSettings(format, FilePath));
        log.Logger().LogInformation("one");
        log.Logger().LogError("two");
        var output = log.Finish();
        Assert.Equal(2, output.Count(character => character == '\n'));
        Assert.Equal(output, File.ReadAllText(FilePath));
    }

    /// <summary>A flood of HTTP/2 frames by one client is FATAL to the web server; nobody may ring the pager by it.</summary>
    [Theory]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.Http2", "WARN")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.Connections", "WARN")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", "FATAL")]
    [InlineData("harmony.http", "FATAL")]
    public void Critical_AboutAConnection_IsAWarning(string category, string level)
    {
        using var log = new LogCapture(new LogSettings());
        log.Logger(category).LogCritical("too many frames");
        Assert.Contains($" {level} {category} too many frames", log.Finish(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_BesideATerminal_HasNoColours()
    {
        using var log = new LogCapture(new LogSettings(FilePath: FilePath), colours: true);
        log.Logger().LogInformation("one");
        log.Finish();
        Assert.Equal("2026-11-21T09:30:00.123Z  INFO harmony.http one\n", File.ReadAllText(FilePath));
    }

    [Fact]
    public void File_ThatIsFull_IsPutAside()
    {
        using var log = new LogCapture(new LogSettings(FilePath: FilePath) { MaxFileBytes = 100, KeepFiles = 1 });
        for (var i = 0; i < 9; i++) log.Logger().LogInformation("line {Number}", i);
        log.Finish();
        Assert.InRange(new FileInfo(FilePath).Length, 1, 100);
        Assert.InRange(new FileInfo(FilePath + ".1").Length, 1, 100);
        Assert.False(File.Exists(FilePath + ".2"));
    }

    /// <summary>As logrotate does.</summary>
    [Fact]
    public void File_ThatWasMovedAway_IsBegunAnew()
    {
        var complaints = new List<string>();
        using (var sink = RotatingFileSink.TryOpen(FilePath, 1000, 1, complaints.Add, TimeProvider.System)!)
        {
            Write("before\n");
            File.Move(FilePath, FilePath + ".old");
            Write("after\n");

            void Write(string text)
            {
                using var line = new LogLine(LogLevel.Information);
                line.Append(System.Text.Encoding.UTF8.GetBytes(text));
                sink.Write(line);
                sink.Flush();
            }
        }

        Assert.Equal(("before\n", "after\n"), (File.ReadAllText(FilePath + ".old"), File.ReadAllText(FilePath)));
        Assert.Empty(complaints);
    }

    [Fact]
    public void File_OfAnEarlierRun_IsAddedTo()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, "the last words before a crash\n");
        using var log = new LogCapture(new LogSettings(FilePath: FilePath));
        log.Logger().LogInformation("fresh");
        log.Finish();
        Assert.Equal("the last words before a crash\n2026-11-21T09:30:00.123Z  INFO harmony.http fresh\n", File.ReadAllText(FilePath));
    }

    [Fact]
    public void File_CannotBeOpened_IsReportedAndTheOutputStaysOn()
    {
        using var log = new LogCapture(new LogSettings(FilePath: _folder.Path)); // a folder is no file
        log.Logger().LogInformation("still here");
        Assert.Contains("still here", log.Finish(), StringComparison.Ordinal);
        var complaint = Assert.Single(log.Complaints);
        Assert.StartsWith($"cannot open the log file '{_folder.Path}': ", complaint, StringComparison.Ordinal);
    }

    [PlatformFact("linux")]
    public void File_DiskFull_IsReportedOnceAndTheOutputStaysOn()
    {

        using var log = new LogCapture(new LogSettings(FilePath: "/dev/full"));
        for (var i = 0; i < 2_000; i++)
            log.Logger().LogInformation("line {I}", i);

        Assert.EndsWith("line 1999\n", log.Finish(), StringComparison.Ordinal);
        Assert.StartsWith("cannot write the log to '/dev/full': ", Assert.Single(log.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public void Output_ReaderGone_FileGoesOnAndCallersNoticeNothing()
    {
        using var output = new FailingStream();
        using var log = new LogCapture(new LogSettings(FilePath: FilePath), output: output);
        for (var i = 0; i < 1_000; i++)
            log.Logger().LogInformation("line {I}", i);

        log.Finish();
        Assert.Equal(1_000, File.ReadAllLines(FilePath).Length);
        Assert.True(output.Attempts > 0);
        Assert.Equal("cannot write the log to standard output: Broken pipe", Assert.Single(log.Complaints));
    }

    [Fact]
    public void Create_RealOutputs_GivesLoggersThatDecideByLevels()
    {
        var levels = LogLevels.Create("warn", _ => null, out _);
        using var factory = LoggingSetup.Create(new LogSettings(), levels, TimeProvider.System);
        var logger = factory.CreateLogger("harmony.http");
        Assert.True(logger.IsEnabled(LogLevel.Warning));
        Assert.False(logger.IsEnabled(LogLevel.Information));
        Assert.False(logger.IsEnabled(LogLevel.None));
    }

    [Fact]
    public void Levels_ChangedWhileRunning_ExistingLoggersFollow()
    {
        using var log = new LogCapture(level: "warn");
        var logger = log.Logger();
        logger.LogInformation("before");
        Assert.True(log.Levels.TryOverride("harmony.http=info", out _));
        logger.LogInformation("during");
        Assert.True(log.Levels.TryOverride("", out _));
        logger.LogInformation("after");
        Assert.Equal("2026-11-21T09:30:00.123Z  INFO harmony.http during\n", log.Finish());
    }
}
