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

/// <summary>Counts the work of one application of a chain, and ends it when it costs too much.</summary>
/// <remarks>
/// Shared containers let a spec of a few lines describe a document of 2^n values (copy the whole into two of its own keys, n times).
/// So the work is counted, not the memory.
/// </remarks>
internal sealed class WorkMeter(long limit)
{
    private const int WorkPerByte = 16;

    private long _left = limit;

    /// <summary>The work granted to an input of <paramref name="inputBytes"/> bytes.</summary>
    public static WorkMeter For(JoltOptions options, int inputBytes) => new(options.WorkLimit + (long)inputBytes * WorkPerByte);

    /// <summary>Takes <paramref name="units"/> off what is left.</summary>
    /// <exception cref="JoltException">There is not enough left.</exception>
    public void Spend(int units = 1)
    {
        _left -= units;
        if (_left < 0) throw TooMuch();
    }

    private static JoltException TooMuch()
        => new("the transformation was stopped: its result or its work grows far beyond the size of its input (JoltOptions.WorkLimit)");
}
