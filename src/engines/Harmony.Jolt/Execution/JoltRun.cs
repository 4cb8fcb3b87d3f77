using System.Globalization;
using Harmony.Jolt.Documents;
using Harmony.Jolt.Paths;

namespace Harmony.Jolt.Execution;

/// <summary>What one application of a chain needs and remembers. Never shared: a chain is, this is not.</summary>
internal sealed class JoltRun(JoltOptions options, WorkMeter meter, DocValue context)
{
    private string? _now;

    public JoltOptions Options { get; } = options;

    public WorkMeter Meter { get; } = meter;

    /// <summary>What <c>^</c> refers to.</summary>
    public DocValue Context { get; } = context;

    /// <summary>The way from the root to where the operation is, reused by each.</summary>
    public Walk Walk { get; } = new();

    /// <summary>The time in UTC as RFC 3339 writes it; the same throughout the application.</summary>
    public string Now => _now ??= Options.Clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A string that was made, and is paid for.</summary>
    public DocValue NewString(string text)
    {
        Meter.Spend(text.Length);
        return DocValue.String(text);
    }
}
