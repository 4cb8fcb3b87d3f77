namespace Harmony.Core.Diagnostics;

/// <summary>Holds the access log, which a reload may replace while requests are under way.</summary>
public sealed class AccessLogSlot
{
    private volatile IAccessLog? _current;

    /// <summary>Takes a record of each request that ends; null where none is wanted.</summary>
    public IAccessLog? Current
    {
        get => _current;
        set => _current = value;
    }
}
