using System.Text;
using Harmony.Gateway.Logging;
using Harmony.Testing;
using Microsoft.Extensions.Logging;

namespace Harmony.Gateway.Tests.Logging;

/// <summary>A whole logging set-up whose output and complaints a test can read.</summary>
internal sealed class LogCapture : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly ILoggerFactory _factory;

    public LogCapture(LogSettings? settings = null, string level = "trace", string? environment = null, bool colours = false, Stream? output = null)
    {
        Levels = LogLevels.Create(level, name => name == "HARMONY_LOG" ? environment : null, out _);
        var sink = new StreamSink(output ?? _output, "standard output", colours, Complaints.Add);
        var clock = new FixedClock(new DateTimeOffset(2026, 11, 21, 10, 30, 0, 123, TimeSpan.FromHours(1)));
        _factory = LoggingSetup.Create(settings ?? new LogSettings(), Levels, clock, sink, Complaints.Add);
    }

    public static LogCapture Json(string level = "info") => new(new LogSettings(LogFormat.Json), level);

    public LogLevels Levels { get; }

    public List<string> Complaints { get; } = [];

    public ILogger Logger(string category = "harmony.http") => _factory.CreateLogger(category);

    /// <summary>Shuts logging down and returns everything that was written.</summary>
    public string Finish()
    {
        _factory.Dispose();
        return Encoding.UTF8.GetString(_output.ToArray());
    }

    public void Dispose()
    {
        _factory.Dispose();
        _output.Dispose();
    }
}
