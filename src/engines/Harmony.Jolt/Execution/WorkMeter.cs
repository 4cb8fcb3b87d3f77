namespace Harmony.Jolt.Execution;

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
