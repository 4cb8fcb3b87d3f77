namespace Harmony.Gateway.Metrics;

/// <summary>The values of one metric under one set of labels.</summary>
/// <param name="labels">The labels as they are written: <c>network="main",pipeline="orders"</c>; empty for none.</param>
internal abstract class Series(string labels)
{
    /// <summary>The labels as they are written.</summary>
    public string Labels { get; } = labels;

    /// <summary>The last collection in which an observed value was there; values that are no longer observed are not shown.</summary>
    public int Collection { get; set; }

    /// <summary>Takes a measurement; called by many threads at once.</summary>
    public abstract void Record(double value);
}
