namespace Harmony.Gateway.Metrics;

/// <summary>A counter or a gauge.</summary>
internal sealed class NumberSeries(string labels) : Series(labels)
{
    private double _value;

    /// <summary>The value now.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <inheritdoc/>
    public override void Record(double value) => Atomic.Add(ref _value, value);

    /// <summary>Puts a value in the place of what there was.</summary>
    public void Set(double value) => Volatile.Write(ref _value, value);
}
