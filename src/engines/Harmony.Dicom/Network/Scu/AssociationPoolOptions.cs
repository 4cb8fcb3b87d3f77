namespace Harmony.Dicom.Network.Scu;

/// <summary>How many associations a pool keeps, and for how long. Other values are refused with <see cref="ArgumentOutOfRangeException"/>.</summary>
public sealed record AssociationPoolOptions
{
    /// <summary>How many may be open to one peer at once, used or not. Default 8. At least 1.</summary>
    public int MaxPerPeer
    {
        get;
        init => field = OptionRange.AtLeast(1, value);
    } = 8;

    /// <summary>How long one that nobody uses stays open. Default 30 s: many peers end idle ones soon. Zero: not at all.</summary>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = value == TimeSpan.Zero ? value : OptionRange.Time(value);
    } = TimeSpan.FromSeconds(30);
}
