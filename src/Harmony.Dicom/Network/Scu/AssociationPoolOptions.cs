namespace Harmony.Dicom.Network.Scu;

/// <summary>How many associations a pool keeps, and for how long.</summary>
public sealed record AssociationPoolOptions
{
    /// <summary>How many may be open to one peer at once, used or not. Default 8.</summary>
    public int MaxPerPeer { get; init; } = 8;

    /// <summary>How long one that nobody uses stays open. Default 30 s: many peers end idle ones soon.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
